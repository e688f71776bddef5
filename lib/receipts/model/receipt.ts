/** A receipt as C2SP has it (c2sp.org/tlog-proof): the text of the entry stands in it as extra data. @param hashes the sibling's first. */
export function textOfReceipt(receipt: {
  entry: string
  index: number
  hashes: readonly Buffer[]
  checkpoint: string
}): string {
  const { entry, index, hashes, checkpoint } = receipt
  return [
    'c2sp.org/tlog-proof@v1',
    `extra ${Buffer.from(entry).toString('base64')}`,
    `index ${index}`,
    ...hashes.map((hash) => hash.toString('base64')),
    '',
    checkpoint,
  ].join('\n')
}
