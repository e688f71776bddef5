import { connect, type Database } from '#db/client.ts'

/**
 * Does some work on one connection that is gone after so many statements, as that of a process that was killed.
 * @param statements how many get through, 1 or more.
 * @returns whether it came to that, also where the work copes with it; any other error of the work is thrown.
 */
export async function isBrokenOff(
  url: string,
  statements: number,
  work: (db: Database) => Promise<unknown>,
): Promise<boolean> {
  const db = connect({ url, applicationName: 'broken off', maxConnections: 1 })
  const client = await db.$client.connect()
  const query = client.query.bind(client)
  let left = statements
  let isGone = false
  Object.assign(client, {
    query: (...args: Parameters<typeof query>) => {
      if (left-- > 0) return query(...args)
      isGone = true
      client.end()
      throw new Error('the worker was killed')
    },
  })
  client.release()
  try {
    await work(db)
  } catch (error) {
    if (!isGone) throw error
  } finally {
    await db.$client.end()
  }
  return isGone
}
