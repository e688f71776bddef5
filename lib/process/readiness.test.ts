import { afterEach, expect, test, vi } from 'vitest'
import type { DatabaseState } from './database-state.ts'
import { createReadiness } from './readiness.ts'

const log = { warn: vi.fn(), info: vi.fn() }
afterEach(() => vi.clearAllMocks())

const notMigrated: DatabaseState = { is: 'not-migrated', missing: ['the migration 0042_more'] }
const ready: DatabaseState = { is: 'ready' }

const away = new Error('Failed query: select 1', {
  cause: Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:5432'), { code: 'ECONNREFUSED' }),
})
const wrongPassword = new Error('Failed query: select 1', {
  cause: Object.assign(new Error('password authentication failed for user "app"'), { code: '28P01' }),
})

/** Over a database whose answers the test gives, one after the other; the last one again and again. */
function readinessOf(...answers: (DatabaseState | Error | 'silence')[]) {
  const next = async () => {
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? ready
    if (answer === 'silence') return new Promise<DatabaseState>(() => {})
    if (answer instanceof Error) throw answer
    return answer
  }
  const findState = vi.fn(next)
  const ping = vi.fn(next)
  const isLoginTooMighty = vi.fn(async () => false)
  const findOutdatedCollations = vi.fn(async (): Promise<string[]> => [])
  const questions = { findState, isLoginTooMighty, findOutdatedCollations, ping }
  const readiness = createReadiness({ ...questions, timeoutMs: 20, log })
  return { ...questions, ...readiness }
}

test('a login that could rewrite the record is warned of, and no obstacle to a start', async () => {
  const { findStartObstacle, isLoginTooMighty } = readinessOf(ready)
  isLoginTooMighty.mockResolvedValue(true)
  expect(await findStartObstacle()).toBeNull()
  expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('a login of its own'))
})

test('indexes of an older order of text are warned of in one line, and are no obstacle to a start', async () => {
  const { findStartObstacle, findOutdatedCollations } = readinessOf(ready)
  findOutdatedCollations.mockResolvedValue(['name_order 1 (now 2)', 'default 3 (now 4)'])
  expect(await findStartObstacle()).toBeNull()
  expect(log.warn.mock.calls).toEqual([
    [
      expect.stringMatching(
        /newer rules .+: name_order 1 \(now 2\), default 3 \(now 4\)\..+docs\/upgrading\.md$/,
      ),
    ],
  ])
})

test('a database that this code can work on is no obstacle to a start', async () => {
  expect(await readinessOf(ready).findStartObstacle()).toBeNull()
  expect(log.warn).not.toHaveBeenCalled()
})

test('a database that is away for a while is a warning, not the end of the start', async () => {
  expect(await readinessOf(away).findStartObstacle()).toBeNull()
  expect(log.warn).toHaveBeenCalledOnce()
})

test.each([
  [
    'another schema',
    notMigrated,
    'it lacks the migration 0042_more. Bring it there with: npm run db:migrate',
  ],
  ['a pooler in transaction mode', { is: 'pooled-by-transaction' }, 'pool_mode = session'],
  ['an unsafe record', { is: 'record-unsafe' }, 'could change the audit record'],
  [
    'the same',
    { is: 'record-unsafe' },
    'on audit_events, cut_offs, kept_proofs, pauses, resumes, revocations and tokens',
  ],
  ['a wrong password', wrongPassword, 'password authentication failed for user "app"'],
  ['a bug of ours', new TypeError('rows is not iterable'), 'rows is not iterable'],
] as const)('%s ends the start with a message', async (_what, answer, message) => {
  expect(await readinessOf(answer).findStartObstacle()).toContain(message)
})

test('the cause is logged once, until it changes, and so is the return', async () => {
  const { isReady } = readinessOf(away, away, wrongPassword, wrongPassword, notMigrated, ready, ready)
  const answers = []
  for (let n = 0; n < 7; n++) answers.push(await isReady())
  expect(answers).toEqual([false, false, false, false, false, true, true])
  expect(log.warn.mock.calls.map(([, text]) => text)).toEqual([
    'not ready: connect ECONNREFUSED 192.0.2.1:5432',
    'not ready: password authentication failed for user "app"',
    expect.stringContaining('not ready: The database is not at the newest schema: '),
  ])
  expect(log.warn.mock.calls[0]?.[0]).toEqual({ err: away })
  expect(log.info).toHaveBeenCalledOnce()
})

test('a probe that gets no answer in time is no', async () => {
  expect(await readinessOf('silence').isReady()).toBe(false)
})

test('once it was found to be one to work on, and answered, the database is only asked for an answer', async () => {
  const { findState, ping, isReady } = readinessOf(notMigrated, ready)
  expect(await isReady()).toBe(false)
  expect(ping).not.toHaveBeenCalled()
  expect(await isReady()).toBe(true)
  expect(await isReady()).toBe(true)
  expect(ping).toHaveBeenCalledTimes(2)
  expect(findState).toHaveBeenCalledTimes(2)
})
