import type { ReactNode } from 'react'
import { SignedInShell } from '../signed-in-shell.tsx'

export default function MerchantLayout({ children }: { children: ReactNode }) {
  return <SignedInShell side="merchant">{children}</SignedInShell>
}
