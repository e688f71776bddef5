import type { ReactNode } from 'react'
import { SignedInShell } from '../signed-in-shell.tsx'
// With the scripts of the frame: it would be a file of its own for a few lines.
import './error.tsx'

/** Pages of a person, whichever side they work for. */
export default function PersonLayout({ children }: { children: ReactNode }) {
  return <SignedInShell side={null}>{children}</SignedInShell>
}
