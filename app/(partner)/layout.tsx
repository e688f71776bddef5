import type { ReactNode } from 'react'
import { SignedInShell } from '../signed-in-shell.tsx'
// With the scripts of the frame: it would be a file of its own for a few lines.
import './error.tsx'

export default function PartnerLayout({ children }: { children: ReactNode }) {
  return <SignedInShell side="partner">{children}</SignedInShell>
}
