import type { Api } from './api.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

/** What a command works with. */
export type Context = {
  api: () => Api
  output: Output
  /** Ends the command with this, unless something worse comes. */
  endWith: (code: ExitCode) => void
  isSure: (question: string, word: string) => Promise<boolean>
  signal: AbortSignal
}
