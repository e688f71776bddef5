import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStop } from './stop.ts'

let server: Server
const log = { info: vi.fn(), error: vi.fn() }
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => server.closeAllConnections())

type Times = { delayMs?: number; drainTimeoutMs?: number; releaseTimeoutMs?: number }

function stopOf(release: () => Promise<void>, times: Times = {}) {
  const exit = vi.fn()
  const options = { drainTimeoutMs: 20_000, releaseTimeoutMs: 20_000, ...times }
  return { exit, stop: createStop({ name: 'it', log, server, release, exit, ...options }) }
}

/** A request that the server has taken and not answered yet. */
async function requestUnderWay() {
  const sent = get({ port: (server.address() as AddressInfo).port, agent: false })
  const outcome = once(sent, 'response').then(
    ([response]: IncomingMessage[]) => response?.statusCode,
    () => 'cut',
  )
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  return { response, outcome }
}

test('a stop that is asked for twice finishes what is being answered, and lets go once', async () => {
  const release = vi.fn(async () => {})
  const { stop, exit } = stopOf(release)
  const { response, outcome } = await requestUnderWay()
  const first = stop('SIGINT')
  await stop('SIGINT')
  await stop('SIGTERM')
  expect(exit).not.toHaveBeenCalled()
  response.end('done')
  expect(await outcome).toBe(200)
  await first
  expect(release).toHaveBeenCalledOnce()
  expect(exit.mock.calls).toEqual([[0]])
})

test('a stop with a delay takes calls until it is over', async () => {
  const { stop, exit } = stopOf(async () => {}, { delayMs: 1_500 })
  const stopped = stop('SIGTERM')
  const { response, outcome } = await requestUnderWay()
  response.end('taken')
  expect(await outcome).toBe(200)
  expect(exit).not.toHaveBeenCalled()
  await stopped
  expect(server.listening).toBe(false)
  expect(exit.mock.calls).toEqual([[0]])
})

test('what is never answered is cut off', async () => {
  const { stop, exit } = stopOf(async () => {}, { drainTimeoutMs: 20 })
  const { outcome } = await requestUnderWay()
  await stop('SIGTERM')
  expect(await outcome).toBe('cut')
  expect(exit.mock.calls).toEqual([[0]])
})

test('what is never let go does not keep the process alive', async () => {
  const { stop, exit } = stopOf(() => new Promise(() => {}), { releaseTimeoutMs: 20 })
  await stop('SIGTERM')
  expect(exit.mock.calls).toEqual([[1]])
})

test('what cannot be let go ends the process all the same', async () => {
  const { stop, exit } = stopOf(() => Promise.reject(new Error('broken')))
  await stop('SIGTERM')
  expect(exit.mock.calls).toEqual([[1]])
})
