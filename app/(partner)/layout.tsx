import type { ReactNode } from 'react'
import { SignedInShell } from '../signed-in-shell.tsx'

export default function PartnerLayout({ children }: { children: ReactNode }) {
  return <SignedInShell side="partner">{children}</SignedInShell>
}
