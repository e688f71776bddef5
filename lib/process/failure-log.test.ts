import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { divideFailures, logFailures, logWarnings } from './failure-log.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function logInto(lines: unknown[][]) {
  const note =
    (level: string) =>
    (...line: unknown[]) =>
      void lines.push([level, ...line])
  return { info: note('info'), warn: note('warn') }
}

const outage = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('seven hundred failures are two lines, and the second says how many and for how long', () => {
  const lines: unknown[][] = []
  const failures = logFailures({ log: logInto(lines), lost: 'lost', back: 'back' })
  failures.worked()
  for (let n = 0; n < 700; n++) {
    failures.failed(outage)
    vi.advanceTimersByTime(100)
  }
  expect(lines).toEqual([['warn', { err: outage }, 'lost']])
  failures.worked()
  failures.worked()
  expect(lines.slice(1)).toEqual([['info', { failures: 700, forMs: 69_900 }, 'back']])
})

test('a second outage is logged as the first one', () => {
  const lines: unknown[][] = []
  const failures = logFailures({ log: logInto(lines), lost: 'lost', back: 'back' })
  for (let n = 0; n < 2; n++) {
    failures.failed(outage)
    failures.worked()
  }
  expect(lines.map(([, , words]) => words)).toEqual(['lost', 'back', 'lost', 'back'])
  expect(lines[3]?.[1]).toEqual({ failures: 1, forMs: 0 })
})

test('of several that are not back at once, the last failure counts, and one success is enough', () => {
  const lines: unknown[][] = []
  const failures = logFailures({ log: logInto(lines), lost: 'lost', back: 'back', backAfterMs: 10_000 })
  failures.failed(outage)
  failures.worked()
  vi.advanceTimersByTime(9_000)
  failures.failed(outage)
  failures.worked()
  vi.advanceTimersByTime(9_999)
  expect(lines).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(lines.slice(1)).toEqual([['info', { failures: 2, forMs: 9_000 }, 'back']])
})

test('what never worked again is not called back', () => {
  const lines: unknown[][] = []
  const failures = logFailures({ log: logInto(lines), lost: 'lost', back: 'back', backAfterMs: 10_000 })
  failures.failed(outage)
  failures.worked()
  failures.failed(outage)
  vi.advanceTimersByTime(600_000)
  expect(lines).toHaveLength(1)
})

test('an outage of the database is one state for all that use it, anything else is of who failed', () => {
  const lines: unknown[][] = []
  const log = logInto(lines)
  const database = logFailures({ log, lost: 'no database', back: 'database' })
  const [mails, webhooks] = ['mails', 'webhooks'].map((what) =>
    divideFailures({ database, own: logFailures({ log, lost: `no ${what}`, back: what }) }),
  )
  mails?.failed(outage)
  webhooks?.failed(new Error('a query failed', { cause: outage }))
  webhooks?.failed(new Error('a bug'))
  mails?.worked()
  webhooks?.worked()
  expect(lines.map(([, , words]) => words)).toEqual(['no database', 'no webhooks', 'database', 'webhooks'])
})

test('a warning is repeated after ten minutes, with how often it came', () => {
  const lines: unknown[][] = []
  const warn = logWarnings(logInto(lines))
  for (let second = 0; second <= 600; second++) {
    warn('a slow query')
    vi.advanceTimersByTime(1_000)
  }
  warn('another')
  expect(lines).toEqual([
    ['warn', {}, 'a slow query'],
    ['warn', { repeated: 599 }, 'a slow query'],
    ['warn', {}, 'another'],
  ])
})
