import { expect, test } from 'vitest'
import { jobQueues } from '#db/job-queues.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { createBoss } from './queues.ts'

const { db, owner } = prepareTestDatabase()

test('the application’s role, which owns nothing of the queue, sends jobs and works on them', async () => {
  const errors: Error[] = []
  const boss = createBoss({ db, onError: (error) => errors.push(error), onWarning: () => {} })
  await boss.start()
  const worked = new Promise<unknown>((resolve) => {
    boss.work<object>('remind', { pollingIntervalSeconds: 0.5 }, async ([job]) => resolve(job?.data))
  })
  await boss.schedule('prune', '0 3 * * *')
  await boss.send('remind', { asked: 'now' })
  expect(await worked).toEqual({ asked: 'now' })
  await boss.supervise()
  await boss.stop()
  expect(errors).toEqual([])
})

test('a job of the same id is taken in once', async () => {
  const boss = createBoss({ db, onError: () => {}, onWarning: () => {} })
  await boss.start()
  const job = { id: '019aba0d-0000-7000-8000-000000000001', data: {} }
  await boss.insert('send-mail', [job])
  await boss.insert('send-mail', [job])
  expect((await boss.findJobs('send-mail')).map(({ id }) => id)).toEqual([job.id])
  await boss.stop()
})

test('a job of any queue whose worker gives no sign of life for a quarter of a minute is taken away from it', async () => {
  const boss = createBoss({ db, onError: () => {}, onWarning: () => {} })
  await boss.start()
  for (const queue of Object.keys(jobQueues)) {
    await boss.send(queue)
    expect(await boss.fetch(queue), queue).toHaveLength(1)
  }
  await owner.$client.query(`
    update pgboss.job set started_on = started_on - interval '15 seconds',
      heartbeat_on = heartbeat_on - interval '15 seconds' where state = 'active'`)
  const held = async () => {
    const { rows } = await owner.$client.query(`select name from pgboss.job where state = 'active'`)
    return rows
  }
  await expect.poll(held, { timeout: 30_000 }).toEqual([])
  await boss.stop({ graceful: false })
}, 40_000)
