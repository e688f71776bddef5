import type { Database } from '#db/client.ts'

/**
 * As if time had passed for tokens, which nothing else may change: the trigger that keeps them steps aside, for others
 * it never does. `set` and `where` are SQL for the columns that `live_tokens` has as well; `where` has the one parameter `$1`.
 */
export async function moveTokenTimes(
  owner: Database,
  { set, where, value }: { set: string; where: string; value: string },
) {
  const client = await owner.$client.connect()
  try {
    await client.query('begin; alter table tokens disable trigger tokens_are_final')
    await client.query(`update tokens set ${set} where ${where}`, [value])
    await client.query(`update live_tokens set ${set} where ${where}`, [value])
    await client.query('alter table tokens enable trigger tokens_are_final; commit')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
