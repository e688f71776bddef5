import type { Database } from '#db/client.ts'

/** What somebody else has in hand, by a statement that locks it. @returns what gives it back. */
export async function holding(owner: Database, statement: string, values: unknown[] = []) {
  const held = await owner.$client.connect()
  await held.query('begin')
  await held.query(statement, values)
  return async () => {
    await held.query('rollback')
    held.release()
  }
}
