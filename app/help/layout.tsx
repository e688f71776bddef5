import type { ReactNode } from 'react'
import { OpenShell } from '../open-shell.tsx'
// With the scripts of the frame: it would be a file of its own for a few lines.
import './error.tsx'

export default function HelpLayout({ children }: { children: ReactNode }) {
  return <OpenShell>{children}</OpenShell>
}
