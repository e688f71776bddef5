import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { readNetworks } from '../../http/networks.ts'
import { postWebhook } from './post-webhook.ts'
import { createResolve } from './resolve-host.ts'
import { checkTarget } from './target.ts'

/** What a name server says of a name: its addresses, that it is not known (RFC 1035, 4.1.1), or nothing at all. */
type Say = (question: Buffer, type: 'A' | 'AAAA') => Buffer[] | 'no such name' | 'nothing'
const running: Socket[] = []
const looked: string[] = []
afterEach(() => {
  for (const socket of running.splice(0)) socket.close()
  looked.length = 0
})

async function resolveBy(say: Say) {
  const socket = createSocket('udp4')
  running.push(socket)
  socket.on('message', (asked, from) => {
    const end = asked.indexOf(0, 12) + 5
    const question = asked.subarray(12, end)
    const type = question.readUInt16BE(question.length - 4)
    const said = say(question, type === 1 ? 'A' : 'AAAA')
    if (said === 'nothing') return
    const addresses = said === 'no such name' ? [] : said
    const header = Buffer.from(asked.subarray(0, 12))
    header.writeUInt16BE(said === 'no such name' ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(addresses.length, 6)
    header.writeUInt32BE(0, 8)
    const answers = addresses.map((address) =>
      Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length]), address]),
    )
    socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return createResolve({
    servers: [`127.0.0.1:${(socket.address() as AddressInfo).port}`],
    timeoutMs: 500,
    async lookup(host) {
      looked.push(host)
      return [{ address: '10.0.0.1', family: 4 }]
    },
  })
}
const both: Say = (_, type) =>
  type === 'A' ? [Buffer.from([93, 184, 215, 14])] : [Buffer.from('20010db8000000000000000000000001', 'hex')]

test('a name stands for every address of both kinds that its name servers say', async () => {
  const resolve = await resolveBy(both)
  expect(await resolve('hooks.example.com', [])).toEqual([
    { address: '93.184.215.14', family: 4 },
    { address: '2001:db8::1', family: 6 },
  ])
  const half = await resolveBy((_, type) => (type === 'A' ? [Buffer.from([10, 0, 0, 1])] : 'nothing'))
  expect(await checkTarget('https://hooks.example.com/', { networks: [], resolve: half })).toEqual({
    ...{ ok: false, refusal: 'private' },
  })
})

test('name servers that do not answer are hung up on, and the system is not asked, which cannot be', async () => {
  const resolve = await resolveBy(() => 'nothing')
  for (const networks of [[], readNetworks('10.0.0.0/8')]) {
    expect(await checkTarget('https://slow.example.com/', { networks, resolve })).toEqual({
      ...{ ok: false, refusal: 'unanswered' },
    })
    expect(
      await postWebhook('https://slow.example.com/', { body: '{}', headers: {}, networks, resolve }),
    ).toEqual({ status: null, problem: 'the name servers of the host did not answer in time' })
  }
  expect(looked).toEqual([])
})

test('a name that no name server knows is one of the system’s only where private networks are allowed', async () => {
  const resolve = await resolveBy(() => 'no such name')
  const check = (networks: string) =>
    checkTarget('http://hooks.internal/', { networks: readNetworks(networks), resolve })
  expect(await check('')).toEqual({ ok: false, refusal: 'unresolved' })
  expect(looked).toEqual([])
  expect(await check('10.0.0.0/8')).toMatchObject({ ok: true })
  expect(await check('192.168.0.0/16')).toEqual({ ok: false, refusal: 'private' })
  expect(looked).toEqual(['hooks.internal', 'hooks.internal'])
})
