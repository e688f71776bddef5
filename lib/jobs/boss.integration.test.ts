import { expect, test } from 'vitest'
import { prepareTestDatabase } from '#db/embedded/testing/test-database.ts'
import { createBoss } from './boss.ts'

const { db } = prepareTestDatabase()

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
