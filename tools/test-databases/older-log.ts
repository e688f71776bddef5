import type { Database } from '#db/client.ts'

const facts = [
  ['kept_proofs', 'proved_at'],
  ['resumes', 'resumed_at'],
  ['revocations', 'revoked_at'],
  ['cut_offs', 'at'],
  ['pauses', 'begun_at'],
] as const

/**
 * As if the database had been restored from a backup of when its log had `size` entries: what was revoked, cut off, paused and resumed at
 * `since` or later is gone, and so is what the log has of it. The triggers that keep all of this step aside.
 */
export async function goBackTo(owner: Database, { size, since }: { size: number; since: Date }) {
  const tables = [...facts.map(([table]) => table), 'log_entries', 'log_nodes', 'log_checkpoints']
  const client = await owner.$client.connect()
  const each = (what: 'disable' | 'enable') =>
    tables.map((table) => `alter table ${table} ${what} trigger ${table}_are_final`).join('; ')
  try {
    await client.query(`begin; ${each('disable')}`)
    await client.query(
      `delete from pause_books b using pauses p where (p.token_id, p.side, p.number) = (b.token_id, b.side, b.number)
      and p.begun_at >= $1`,
      [since],
    )
    await client.query(
      'delete from cut_off_books b using cut_offs c where c.id = b.cut_off_id and c.at >= $1',
      [since],
    )
    for (const [table, column] of facts)
      await client.query(`delete from ${table} where ${column} >= $1`, [since])
    await client.query('delete from log_nodes where (index + 1) * 2 ^ level > $1', [size])
    await client.query('delete from log_entries where index >= $1', [size])
    await client.query('delete from log_checkpoints where size > $1', [size])
    await client.query('delete from log_queue')
    await client.query(`${each('enable')}; commit`)
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
