import { beforeAll, expect, test } from 'vitest'
import { connect } from '#db/client.ts'
import { log } from '#lib/process/log.ts'
import { signedInState } from './signed-in-state.ts'

beforeAll(() => {
  log.level = 'silent'
})

test('who is signed in is known', async () => {
  expect(await signedInState(async () => ({ userId: 'u' }))).toBe('signed-in')
  expect(await signedInState(async () => null)).toBe('signed-out')
})

test('while the database does not answer it is not known, and that is no error', async () => {
  const gone = connect({ url: 'postgres://u:p@127.0.0.1:1/x', applicationName: 'test' })
  expect(await signedInState(() => gone.$client.query('select 1'))).toBe('unknown')
  await gone.$client.end()
})

test('a bug is not passed off as a database that does not answer', async () => {
  const bug = async () => {
    throw new TypeError('x is not a function')
  }
  await expect(signedInState(bug)).rejects.toThrow(TypeError)
})
