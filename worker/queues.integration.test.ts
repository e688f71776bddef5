import { expect, test } from 'vitest'
import { type JobQueue, jobQueues } from '#db/job-queues.ts'
import { listQueuesWithJobs } from '#db/queries/database/job-queues.ts'
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

test('a look finds the queues that have a job to be taken now: none that is for later, in hand or done', async () => {
  const boss = createBoss({ db, onError: () => {}, onWarning: () => {} })
  await boss.start()
  await owner.$client.query('delete from pgboss.job')
  const found = () => listQueuesWithJobs(db, ['send-mail', 'deliver-webhook'])
  expect(await found()).toEqual([])
  await boss.send('retire')
  await boss.send('send-mail', {}, { startAfter: 600 })
  expect(await found(), 'of another queue, and for later').toEqual([])
  await owner.$client.query('update pgboss.job set start_after = now()')
  expect(await found()).toEqual(['send-mail'])
  const [job] = await boss.fetch('send-mail')
  expect(await found(), 'in hand').toEqual([])
  await boss.fail('send-mail', job?.id ?? '')
  expect(await found(), 'to be tried again later').toEqual([])
  await owner.$client.query('update pgboss.job set start_after = now()')
  expect(await found()).toEqual(['send-mail'])
  await boss.complete(
    'send-mail',
    (await boss.fetch('send-mail')).map(({ id }) => id),
  )
  expect(await found(), 'done').toEqual([])
  await boss.stop({ graceful: false })
})

test('who takes jobs of a queue takes one as soon as the queue is woken', async () => {
  let wake = (_queue: JobQueue) => {}
  const onStart = (given: typeof wake) => {
    wake = given
  }
  const boss = createBoss({ db, onError: () => {}, onWarning: () => {}, onStart })
  await boss.start()
  const taken = new Promise<unknown>((resolve) => {
    boss.work<object>('prune', { pollingIntervalSeconds: 3_600 }, async ([job]) => resolve(job?.data))
  })
  // After its first look, which is in vain.
  await expect
    .poll(() => boss.getWipData().find(({ name }) => name === 'prune')?.lastFetchedOn)
    .not.toBeNull()
  await boss.send('prune', { asked: 'now' })
  wake('prune')
  expect(await taken).toEqual({ asked: 'now' })
  await boss.stop()
})
