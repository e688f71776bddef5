/** What a verb answers: its value, or why it refused. A refusal is a value; a bug throws. */
export type Result<T, R> = { ok: true; value: T } | { ok: false; refusal: R }

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
export const refuse = <R>(refusal: R): { ok: false; refusal: R } => ({ ok: false, refusal })

/** Of what was looked for. */
export const found = <T>(row: T | undefined): Result<T, 'not-found'> =>
  row === undefined ? refuse('not-found') : ok(row)
