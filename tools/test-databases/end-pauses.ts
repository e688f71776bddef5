import type { Database } from '#db/client.ts'

/**
 * As if the time had come at which the pauses of these tokens end, which nothing else may change: the trigger that keeps them steps
 * aside. Those that somebody resumed stay as they are.
 * @param inSeconds from now; 0 by default.
 */
export async function endPauses(owner: Database, tokenIds: string[], inSeconds = 0) {
  const client = await owner.$client.connect()
  const end = `greatest(begun_at + interval '1 ms', date_trunc('milliseconds', clock_timestamp()) + $2::int * interval '1 s')`
  try {
    await client.query('begin; alter table pauses disable trigger pauses_are_final')
    await client.query(
      `with ended as (
         update pauses set ends_at = ${end} where token_id = any($1::uuid[]) and ends_at > clock_timestamp()
           and not exists (select from resumes r where r.token_id = pauses.token_id and r.side = pauses.side and r.number = pauses.number)
         returning *
       ), plans as (
         update bulk_plan_pauses p set ends_at = least(p.ends_at, ended.ends_at) from ended where p.plan_id = ended.plan_id
       )
       update pause_books b set ends_at = ended.ends_at from ended
       where b.token_id = ended.token_id and b.side = ended.side and b.number = ended.number`,
      [tokenIds, inSeconds],
    )
    await client.query('alter table pauses enable trigger pauses_are_final; commit')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
