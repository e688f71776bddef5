/** What a checkpoint says of a log: `size` entries whose root is `root`. */
export type Head = { size: number; root: Buffer }

/**
 * What a checkpoint says, signed or not; spaces may stand for the ends of its lines, as where it is given by a variable. Whether a
 * signature holds is not looked at. Undefined: it is none.
 */
export function readCheckpoint(checkpoint: string): (Head & { origin: string }) | undefined {
  const [origin, size, root, after] = checkpoint.trim().split(/\s+/)
  if (!origin || !/^(?:0|[1-9]\d{0,15})$/.test(size ?? '') || (after !== undefined && after !== '—'))
    return undefined
  const hash = Buffer.from(root ?? '', 'base64')
  if (hash.length !== 32 || hash.toString('base64') !== root) return undefined
  return { origin, size: Number(size), root: hash }
}

/** The name of the header of mails and webhooks that carries the newest checkpoint. */
export const checkpointHeader = 'Log-Checkpoint'

/** A checkpoint in base64: it has several lines, and a dash that no header may hold. None where nothing was signed. */
export function checkpointHeaders(checkpoint: string | undefined): Record<string, string> {
  return checkpoint === undefined ? {} : { [checkpointHeader]: Buffer.from(checkpoint).toString('base64') }
}
