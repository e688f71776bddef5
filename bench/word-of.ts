/** What somebody could not do, as it stands in a cell of a table: one short line. The database's own words, where it has some. */
export function wordOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const [line = ''] = String(cause instanceof Error ? cause.message : cause).split('\n')
  const plain = line.replaceAll('|', '/').trim()
  return plain.length > 120 ? `${plain.slice(0, 119)}…` : plain || 'failed'
}
