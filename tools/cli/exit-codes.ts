/** What a command ends with. Scripts compare them: they do not change. */
export const exitCodes = {
  /** Everything that was asked for is done. */
  done: 0,
  /** Something went wrong here or there: no answer, or one that says so. */
  failed: 1,
  /** The command is not understood. Nothing was done. */
  usage: 2,
  /** Some of the tokens were left as they were: the output says which, and why. */
  partly: 3,
  /** The credential may not do it, or there is no such thing for it. What was put out before was done. */
  refused: 4,
  /** Too often, or the server has no time. What was put out before was done, and the others may be tried again. */
  tryAgain: 5,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends the command with a sentence for people. */
export class CommandFailed extends Error {
  override name = 'CommandFailed'
  readonly code: ExitCode

  constructor(code: ExitCode, message: string) {
    super(message)
    this.code = code
  }
}
