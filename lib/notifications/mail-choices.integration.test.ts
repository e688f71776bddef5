import { expect, test } from 'vitest'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { mailKinds } from './kinds.ts'
import { chooseMails, stopMails, wantedMails } from './mail-choices.ts'

const { db, owner } = prepareTestDatabase()

test('a person gets mails of every kind until they say otherwise', async () => {
  const { id, name } = await buildUser(owner)
  const user = { userId: id, name }
  expect(await wantedMails(user, { db })).toEqual(mailKinds)
  await chooseMails(user, ['token.revoked', 'token.expired'], { db, address: null })
  expect(await wantedMails(user, { db })).toEqual(['token.revoked', 'token.expired'])
  const { rows } = await owner.$client.query('select action from audit_events where user_id = $1', [id])
  expect(rows).toEqual([{ action: 'mails.chosen' }])
})

test('a link out of a mail ends its kind, once or twice, and no other', async () => {
  const [user, other] = [await buildUser(owner), await buildUser(owner)]
  const userId = user.id
  await Promise.all([
    stopMails({ userId, kind: 'token.expiring' }, { db }),
    stopMails({ userId, kind: 'token.expiring' }, { db }),
    stopMails({ userId, kind: 'token.expired' }, { db }),
  ])
  expect(await wantedMails({ userId }, { db })).toEqual(
    mailKinds.filter((kind) => kind !== 'token.expiring' && kind !== 'token.expired'),
  )
  expect(await wantedMails({ userId: other.id }, { db })).toEqual(mailKinds)
  const stopped = await owner.$client.query(`select from audit_events where action = 'mails.unsubscribed'`)
  expect(stopped.rowCount).toBe(3)
})
