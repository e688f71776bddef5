import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readNetworks } from '../../http/networks.ts'
import { postWebhook } from './post-webhook.ts'
import { startTestReceiver } from './test-receiver.ts'

/** What each name stands for now. */
const names = new Map<string, string[]>()
const resolve = async (host: string) =>
  (names.get(host) ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

let receiver: Awaited<ReturnType<typeof startTestReceiver>>
let other: typeof receiver
beforeAll(async () => {
  receiver = await startTestReceiver()
  other = await startTestReceiver()
})
afterAll(() => Promise.all([receiver.stop(), other.stop()]))
beforeEach(() => {
  names.clear()
  receiver.received.length = 0
  other.received.length = 0
  receiver.judgeBy(() => ({ status: 204 }))
})

/** `networks` of ours, in which the receivers are. */
const post = (url: string, networks = '127.0.0.0/8') =>
  postWebhook(url, { body: '{}', headers: {}, networks: readNetworks(networks), resolve })
const named = (url: string) => url.replace('127.0.0.1', 'hooks.example.com')
const isPrivate = { status: null, problem: 'the host is inside a private network' }

test('a name is sent to where it stands for an allowed address', async () => {
  names.set('hooks.example.com', ['127.0.0.1'])
  expect(await post(named(receiver.url))).toEqual({ status: 204, problem: null })
  expect(receiver.received).toHaveLength(1)
})

test.each([
  '10.0.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '93.184.215.14 10.0.0.1',
  '10.0.0.1 93.184.215.14',
  '127.0.0.1 10.0.0.1',
])('nothing is connected to for a name that stands for %s', async (addresses) => {
  names.set('hooks.example.com', addresses.split(' '))
  expect(await post('https://hooks.example.com/in')).toEqual(isPrivate)
  expect((await post(named(receiver.url))).status).toBeNull()
  expect(receiver.received).toEqual([])
})

test('a name that stands for another address by now is judged by that one', async () => {
  const url = named(receiver.url)
  names.set('hooks.example.com', ['127.0.0.1'])
  expect((await post(url)).status).toBe(204)
  names.set('hooks.example.com', ['10.0.0.1'])
  expect(await post(url)).toEqual(isPrivate)
  names.set('hooks.example.com', ['127.0.0.1'])
  expect(await post(url, '')).toEqual(isPrivate)
  expect(receiver.received).toHaveLength(1)
})

test.each([
  'http://2130706433',
  'http://0x7f.1',
  'http://0177.0.0.1',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'https://127.0.0.1',
])('no spelling of an address gets by: %s', async (spelt) => {
  const { port } = new URL(receiver.url)
  expect(await post(`${spelt}:${port}/in`, '')).toEqual(isPrivate)
  expect(receiver.received).toEqual([])
})

test.each([301, 302, 303, 307, 308])('a redirect by %i leads nowhere', async (status) => {
  receiver.judgeBy(() => ({ status, headers: { location: other.url } }))
  expect(await post(receiver.url)).toEqual({ status, problem: 'redirects are not followed' })
  expect([receiver.received.length, other.received.length]).toEqual([1, 0])
})

test('plain http is for networks of ours only', async () => {
  names.set('hooks.example.com', ['93.184.215.14'])
  const answer = { status: null, problem: 'the address must begin with https' }
  expect(await post('http://hooks.example.com/in')).toEqual(answer)
  expect(await post('http://93.184.215.14/in')).toEqual(answer)
})
