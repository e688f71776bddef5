import { expect, test } from 'vitest'
import { readCheckpoint } from './checkpoints.ts'

const root = Buffer.alloc(32, 5).toString('base64')
const head = { origin: 'tests.example/log', size: 97, root: Buffer.alloc(32, 5) }

test.each([
  ['as it was signed', `tests.example/log\n97\n${root}\n\n— tests.example/log c2lnbmF0dXJl\n`],
  ['without its signature', `tests.example/log\n97\n${root}\n`],
  ['in one line', `tests.example/log 97 ${root}`],
])('a checkpoint is read %s', (_how, text) => {
  expect(readCheckpoint(text)).toEqual(head)
})

test.each([
  '',
  'tests.example/log',
  `tests.example/log\n${root}`,
  `tests.example/log\n-1\n${root}`,
  `tests.example/log\n097\n${root}`,
  'tests.example/log\n97\nAAAA',
  `tests.example/log\n97\n${root.replace('=', '')}`,
  `tests.example/log\n97\n${root}\nanother line`,
])('%j is none', (text) => {
  expect(readCheckpoint(text)).toBeUndefined()
})
