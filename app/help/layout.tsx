import type { ReactNode } from 'react'
import { OpenShell } from '../open-shell.tsx'

export default function HelpLayout({ children }: { children: ReactNode }) {
  return <OpenShell>{children}</OpenShell>
}
