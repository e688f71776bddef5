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
