import { DrizzleQueryError } from 'drizzle-orm/errors'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import type { NumberedBatch } from '#db/queries/verification/usage-batches.ts'
import { createUsageRecorder } from '../verification/usage.ts'
import { createLog, log } from './log.ts'

/** What a log writes of one error. */
function logged(error: unknown): string {
  let text = ''
  const write = (line: string) => {
    text += line
  }
  createLog({ destination: { write } }).warn({ err: error }, 'something failed')
  return text
}

const secret = 'ada@example.com'

test('a failed write of the last use of 5,000 tokens is one short line without their ids', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const write = async (batch: NumberedBatch) => {
    const parameters = [JSON.stringify(batch.tokenIds), JSON.stringify(batch.uses)]
    throw new DrizzleQueryError('insert into token_usage select $1, $2', parameters, refused)
  }
  const errors: unknown[] = []
  const usage = createUsageRecorder({ write, onError: (error) => errors.push(error) })
  const ids = Array.from({ length: 5_000 }, () => uuidv7())
  for (const id of ids) {
    usage.record({ tokenId: id, api: 'order', cause: null, address: null, client: null, at: new Date() })
  }
  await usage.close()
  expect(errors).toHaveLength(1)
  const line = logged(errors[0])
  expect(Buffer.byteLength(line)).toBeLessThan(2_048)
  expect(line).toContain('insert into token_usage')
  expect(line).toContain('ECONNREFUSED')
  expect(ids.filter((id) => line.includes(id))).toEqual([])
})

test('what a query was given is in no part of an error and of its causes', () => {
  const detail = { code: '23505', detail: `Key (email)=(${secret}) already exists.`, where: secret }
  const violation = Object.assign(new Error('duplicate key value'), detail)
  const failed = new DrizzleQueryError(
    'insert into users values ($1)',
    [`${secret}\n    at ${secret}`],
    violation,
  )
  for (const error of [
    failed,
    new Error('not invited', { cause: new Error('not added', { cause: failed }) }),
    new AggregateError([failed], 'both failed'),
    new Error(`again: ${failed.message}`),
    { name: failed.name, message: failed.message, stack: failed.stack },
  ]) {
    expect(logged(error)).not.toContain(secret)
  }
})

test('what went wrong, where, and why can be read in one line', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', port: 5432 })
  const { err } = JSON.parse(logged(new TypeError('no orders', { cause: refused })))
  expect(err).toMatchObject({
    type: 'TypeError',
    message: 'no orders',
    cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', port: 5432 },
  })
  expect(err.stack).toContain('log.test.ts')
})

test('causes that go round in a circle come to an end', () => {
  const [one, other] = [new Error('one'), new Error('other')]
  Object.assign(one, { cause: other })
  Object.assign(other, { cause: one })
  expect(logged(one)).toContain('other')
})

test('whatever was thrown can be logged', () => {
  for (const thrown of ['text', 1, null, undefined, {}, Object.create(null)]) {
    expect(logged(thrown)).toContain('something failed')
  }
})

test('the log of the process writes from info on until its level is set', () => {
  expect(log.level).toBe('info')
})
