import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { createAnswersUnderWay } from '#lib/http/answers-under-way.ts'
import { headersOfNoPage } from '#lib/http/security-headers.ts'
import { answerByHand } from './by-hand.ts'
import { answerText, methods } from './gate.ts'

const headers = headersOfNoPage({ https: true })
const log = { info: vi.fn() }
let server: Server
afterEach(() => {
  server.close()
  log.info.mockReset()
})

/** Sends raw text and gives what comes back until the server ends the connection. */
async function exchange(text: string): Promise<string> {
  const answers = createAnswersUnderWay()
  server = createServer((request, response) => {
    answers.note(request, response)
    setImmediate(() => answerText(response, 200, 'ok'))
  })
  answerByHand(server, { headers, answers, log, methods })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  socket.write(text)
  await once(socket, 'close')
  return received
}

const way = 'CONNECT mail.example:25 HTTP/1.1\r\nHost: mail.example:25\r\n\r\n'

test('who asks for a way to somebody else reads which methods there are', async () => {
  const received = await exchange(`${way}EHLO example`)
  expect(received).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/)
  for (const [name, value] of Object.entries(headers)) expect(received).toContain(`\r\n${name}: ${value}\r\n`)
  expect(received).toContain('\r\nAllow: GET, HEAD, POST, OPTIONS\r\n')
  expect(received).toMatch(/\r\n\r\nNothing here answers to that method\n$/)
  expect(log.info).toHaveBeenCalledExactlyOnceWith({ status: 405, method: 'CONNECT' }, expect.any(String))
})

test('what was asked before that is answered first', async () => {
  const received = await exchange(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${way}`)
  expect(received.match(/HTTP\/1\.1 \d+/g)?.[0]).toBe('HTTP/1.1 200')
})

test.each([
  ['nonsense', 'nonsense\r\n\r\n', 400],
  ['a header without end', `GET / HTTP/1.1\r\nHost: ${'x'.repeat(40_000)}`, 431],
])('%s is answered with the headers of every answer', async (_what, text, status) => {
  const received = await exchange(text)
  expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  for (const name of Object.keys(headers)) expect(received).toContain(`\r\n${name}: `)
})
