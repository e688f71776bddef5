import type { NoteSigner } from '../../process/note-signers.ts'

/** The signed head of a log (c2sp.org/tlog-checkpoint): signed by each, under the name that all of them have. */
export function checkpointOf(
  signers: readonly NoteSigner[],
  { size, root }: { size: number; root: Buffer },
): string {
  const text = `${signers[0]?.name}\n${size}\n${root.toString('base64')}\n`
  const lines = signers.map((signer) => {
    const signature = Buffer.concat([Buffer.from(signer.keyId, 'hex'), signer.sign(text)])
    return `— ${signer.name} ${signature.toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Whether a signature of the checkpoint names one of these keys, and is not its own. Ed25519 signs one text in one way. */
export function isForged(signers: readonly NoteSigner[], checkpoint: string): boolean {
  const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1)
  return [...checkpoint.matchAll(/^— (\S+) (\S+)$/gm)].some(([, name, encoded = '']) => {
    const signature = Buffer.from(encoded, 'base64')
    const keyId = signature.subarray(0, 4).toString('hex')
    const signer = signers.find((one) => one.name === name && one.keyId === keyId)
    return signer !== undefined && !signer.sign(text).equals(signature.subarray(4))
  })
}

/** Whether each of them signed the checkpoint, by their names and ids alone: it is our own. */
export function isSignedBy(signers: readonly NoteSigner[], checkpoint: string): boolean {
  const signatures = [...checkpoint.matchAll(/^— (\S+) (\S+)$/gm)].map(
    ([, name, signature = '']) =>
      `${name} ${Buffer.from(signature, 'base64').subarray(0, 4).toString('hex')}`,
  )
  return signers.every(({ name, keyId }) => signatures.includes(`${name} ${keyId}`))
}
