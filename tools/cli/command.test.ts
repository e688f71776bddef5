import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintCredential } from '#lib/credentials/model/text.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { runCommand } from './command.ts'
import { exitCodes } from './exit-codes.ts'

type Asked = { method: string; path: string; key: string | undefined; body: Record<string, unknown> | null }
type Answer = { status?: number; headers?: Record<string, string>; body?: unknown }

const credential = mintCredential().text
const party = (id: string) => ({ id, name: `Name of ${id}` })
const token = (id: string, state = 'in-use') => ({
  ...{ id, lastCharacters: 'abcd', store: party('lamps'), partner: party('ypa-1'), state, lastUse: null },
  expiresAt: '2027-01-31T00:00:00.000Z',
})

let server: Server
let url: string
let asked: Asked[]
let answer: (asked: Asked, request: IncomingMessage) => Answer | null

beforeEach(async () => {
  asked = []
  answer = () => ({ status: 404 })
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const sent = await text(request)
    const { method = '', url: path = '' } = request
    const one: Asked = {
      ...{ method, path: path.replace('/api/v1', ''), key: request.headers['idempotency-key'] as string },
      body: sent === '' ? null : JSON.parse(sent),
    }
    asked.push(one)
    const given = answer(one, request)
    if (given === null) {
      request.socket.destroy()
      return
    }
    const { status = 200, headers = {}, body = {} } = given
    const type = status >= 400 ? 'application/problem+json' : 'application/json'
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

type Given = {
  env?: Record<string, string | undefined>
  typed?: string
  signal?: AbortSignal
  onLine?: () => void
}

async function run(line: string, { env, typed = '', signal, onLine }: Given = {}) {
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end(typed)
  const [out, err] = [text(stdout), text(stderr)]
  if (onLine) stdout.once('data', onLine)
  const code = await runCommand(line.split(' ').filter(Boolean), {
    env: { PARTNER_TOKENS_URL: url, PARTNER_TOKENS_CREDENTIAL: credential, ...env },
    ...{ stdin: stdin as never, stdout: stdout as never, stderr: stderr as never },
    signal: signal ?? new AbortController().signal,
  })
  stdout.end()
  stderr.end()
  return { code, out: await out, err: await err }
}

const problem = (status: number, name: string, headers: Record<string, string> = {}): Answer => ({
  ...{ status, headers },
  body: { type: `${url}/help/api#${name}`, title: `Title of ${name}`, status, detail: 'What to do.' },
})

test('a list is read to its end, page by page, with the filters as they were given', async () => {
  answer = ({ path }) => ({
    body: path.includes('after')
      ? { tokens: [token('3')], next: null }
      : { tokens: [token('1'), token('2')], next: 'c.1' },
  })
  const { code, out } = await run('tokens list --show expiring --quiet 9 --json')
  expect([
    code,
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ]).toEqual([0, ['1', '2', '3']])
  const [first, second] = asked.map(({ path }) => Object.fromEntries(new URLSearchParams(path.split('?')[1])))
  expect([first, second]).toEqual([
    { limit: '1000', show: 'expiring', quiet: '9' },
    { limit: '1000', show: 'expiring', quiet: '9', after: 'c.1' },
  ])
  expect((await run('tokens list')).out).toMatch(/^ID .*\n1 .*in-use +2027-01-31\n/)
})

test('names of others steer no terminal', async () => {
  answer = () => ({
    body: { tokens: [{ ...token('1'), partner: { id: 'p', name: 'A\x1b[2Jb\u202Ec\n' } }], next: null },
  })
  expect((await run('tokens list')).out).toMatch(/ Abc /)
})

describe('renewing', () => {
  const renewed = (tokenIds: string[]) =>
    tokenIds.map((tokenId) => ({ tokenId, outcome: 'renewed', successorId: `${tokenId}-new` }))

  test('goes so many at once, hands out the texts of each request, and says what was left as it was', async () => {
    answer = ({ path, body }) => {
      const ids = body?.tokenIds as string[]
      if (path === '/tokens/collect')
        return {
          body: {
            results: ids.map((tokenId) => ({ tokenId, outcome: 'collected', text: `text of ${tokenId}` })),
          },
        }
      const [first, ...others] = ids
      return {
        body: { results: [{ tokenId: first, outcome: 'revoked', successorId: null }, ...renewed(others)] },
      }
    }
    const { code, out, err } = await run('tokens renew a b c --json')
    expect([code, asked.length]).toEqual([exitCodes.partly, 1])
    expect(out.trim().split('\n')).toHaveLength(3)
    expect(err).toContain('2 of 3 tokens are renewed.')
    asked = []
    const piped = await run('tokens renew - --collect --at-once 2 --old at-first-use --json', {
      typed: 'a\nb\n\nc\n',
    })
    expect(asked.map(({ path, body }) => [path, body?.tokenIds])).toEqual([
      ['/tokens/renew', ['a', 'b']],
      ['/tokens/collect', ['b-new']],
      ['/tokens/renew', ['c']],
    ])
    expect(asked[0]?.body).toMatchObject({ oldTokens: { end: 'at-first-use' } })
    expect(new Set(asked.map(({ key }) => key)).size).toBe(3)
    expect(
      piped.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { tokenId: 'a', outcome: 'revoked' },
      { tokenId: 'b', successorId: 'b-new', text: 'text of b-new' },
      { tokenId: 'c', outcome: 'revoked' },
    ])
  })

  test('is sent again under its key where no answer came, or a later one is asked for', async () => {
    answer = ({ body }) => {
      if (asked.length === 1) return null
      if (asked.length === 2) return problem(409, 'request-under-way', { 'retry-after': '0' })
      return { body: { results: renewed(body?.tokenIds as string[]) } }
    }
    expect((await run('tokens renew a')).code).toBe(0)
    expect(asked).toHaveLength(3)
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1)
    expect(new Set(asked.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  test('of nothing that was named is not of everything', async () => {
    expect(await run('tokens renew')).toMatchObject({ code: exitCodes.usage, out: '' })
    expect(await run('tokens renew a --show active')).toMatchObject({ code: exitCodes.usage })
    expect(await run('tokens renew -')).toMatchObject({ code: exitCodes.usage })
    expect(asked).toEqual([])
  })
})

test('nothing is revoked without --yes where nobody can be asked', async () => {
  answer = ({ body }) => ({
    body: {
      results: ((body?.tokenIds ?? []) as string[]).map((tokenId) => ({ tokenId, outcome: 'revoked' })),
    },
  })
  expect((await run('tokens revoke a b')).code).toBe(exitCodes.usage)
  expect(asked).toEqual([])
  expect(await run('tokens revoke a b --reason exposed --yes')).toMatchObject({
    code: 0,
    out: 'a revoked\nb revoked\n',
  })
  expect(asked[0]?.body).toEqual({ tokenIds: ['a', 'b'], reason: 'exposed' })
})

test.each<[line: string, answer: () => Answer, code: number]>([
  ['tokens list', () => problem(401, 'credential-revoked'), exitCodes.refused],
  ['tokens list', () => problem(403, 'scope-missing'), exitCodes.refused],
  ['tokens revoke a --yes', () => problem(404, 'token-not-found'), exitCodes.refused],
  ['tokens list', () => problem(500, 'failed'), exitCodes.failed],
  ['tokens list', () => problem(503, 'unavailable'), exitCodes.tryAgain],
  ['tokens list', () => problem(429, 'quota-exceeded', { 'retry-after': '3600' }), exitCodes.tryAgain],
  ['tokens list', () => ({ status: 404, headers: { 'content-type': 'text/html' } }), exitCodes.failed],
  ['tokens list --show everything', () => ({}), exitCodes.usage],
  ['tokens sell', () => ({}), exitCodes.usage],
  ['--help', () => ({}), exitCodes.done],
])('%s ends with the code of what came of it', async (line, given, code) => {
  answer = given
  expect((await run(line)).code).toBe(code)
})

test('where the product is, and with what, comes from the environment alone', async () => {
  for (const env of [
    { PARTNER_TOKENS_URL: undefined },
    { PARTNER_TOKENS_CREDENTIAL: undefined },
    { PARTNER_TOKENS_URL: 'nowhere' },
    { PARTNER_TOKENS_URL: 'http://tokens.example' },
  ])
    expect(await run('tokens list', { env })).toMatchObject({ code: exitCodes.usage, out: '' })
  for (const secret of [credential, createTokenText()]) {
    const said = await run(`tokens list --search ${secret}`)
    expect(said).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('Revoke it') })
    expect(said.err).not.toContain(secret)
  }
  expect(asked).toEqual([])
})

test('watching says what changes, and ends once all is as it was waited for', async () => {
  answer = () => ({ body: { tokens: [token('1', 'in-use'), token('2', 'in-use')], next: null } })
  expect(await run('tokens watch --show active --until in-use --json')).toMatchObject({
    ...{
      code: 0,
      out: '{"tokenId":"1","was":null,"is":"in-use","lastUseAt":null}\n{"tokenId":"2","was":null,"is":"in-use","lastUseAt":null}\n',
    },
  })
})

test('who breaks it off ends it with 130', async () => {
  const stop = new AbortController()
  answer = () => ({ body: { tokens: [token('1', 'in-use')], next: null } })
  const watching = run('tokens watch --show active', { signal: stop.signal, onLine: () => stop.abort() })
  expect((await watching).code).toBe(130)
})

test('a plan is read before it is confirmed, with the hash of what it does', async () => {
  answer = ({ method }) =>
    method === 'POST'
      ? { body: { planId: 'p1', is: 'done' } }
      : {
          body: {
            plan: { id: 'p1', state: 'frozen', tokens: 12, done: 0, leftOut: 0, confirmation: null },
            hashes: { revoke: 'r', renew: 'n', pause: 'p', resume: 's' },
          },
        }
  expect((await run('tokens plan make --quiet 90')).code).toBe(0)
  expect(asked[0]).toMatchObject({ path: '/plans', body: { of: 'list', list: { quiet: 90 } } })
  asked = []
  expect((await run('tokens plan confirm p1 --does revoke --reason exposed')).code).toBe(exitCodes.usage)
  expect(asked.map(({ method }) => method)).toEqual(['GET'])
  expect((await run('tokens plan confirm p1 --does revoke --reason exposed --yes')).code).toBe(0)
  expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({
    ...{ kind: 'revoke', planId: 'p1', hash: 'r', reason: 'exposed' },
  })
  expect((await run('tokens plan make')).code).toBe(exitCodes.usage)
})
