import { afterEach, describe, expect, test } from 'vitest'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import type { RecordedCall } from '#lib/verification/recorded-call.ts'
import { codeIn, envelopeOf, type Gateway, knownToken, openGatewayWithout, send } from '../testing/gateway.ts'
import { tokenInBrokenXml } from './token-in-broken-xml.ts'

const [good, revoked] = [createTokenText(), createTokenText()]
const store = 'harbor-lights'
let gateway: Gateway
let used: RecordedCall[]

async function open() {
  used = []
  const tokens = new Map([
    [good, knownToken()],
    [revoked, knownToken({ revoked: true })],
  ])
  gateway = await openGatewayWithout(tokens, {
    usage: { record: (call) => used.push(call), flush: async () => {}, close: async () => 0 },
  })
}
afterEach(() => gateway.close())

/** As `curl -d @file` sends it. */
const withoutLineBreaks = (text: string) => text.replaceAll('\n', '')
const envelope = (token: string) => envelopeOf({ storeId: store, token })
const broken: Record<string, (token: string) => string | Buffer> = {
  'a file whose line breaks are lost': (token) =>
    withoutLineBreaks(envelope(token).replace('<Verb>', '<Verb\nxml:lang="en">')),
  'an element that is not closed': (token) => envelope(token).replace('</Verb>', ''),
  'an ampersand as it is': (token) => envelope(token).replace('1001', '1001 & 1002'),
  'a cut end': (token) => envelope(token).slice(0, -8),
  'an entity of HTML': (token) => envelope(token).replace('1001', '&nbsp;'),
  'a document type': (token) => envelope(token).replace('<ystorewsRequest>', '<!DOCTYPE x><ystorewsRequest>'),
  'another root': (token) => envelope(token).replaceAll('ystorewsRequest', 'request'),
  'another encoding': (token) => Buffer.from(envelope(token), 'utf16le'),
  'too deep elements': (token) => envelope(token).replace('1001', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`),
}
const problems = {
  'a file whose line breaks are lost': 'not-well-formed',
  'a document type': 'declaration',
  'another root': 'not-an-envelope',
  'another encoding': 'encoding',
  'too deep elements': 'depth',
} as Record<string, string>
const lastLine = () => JSON.parse(gateway.log().trim().split('\n').at(-1) ?? '')

describe.each(Object.entries(broken))('XML with %s', (name, write) => {
  const problem = problems[name] ?? 'not-well-formed'

  test('and a good token: the answer and the log say what is wrong', async () => {
    await open()
    const answer = await send(gateway, '/V1/order', { body: write(good) })
    expect([answer.status, codeIn(answer)]).toEqual([400, 10002])
    expect(answer.body).toMatch(/<Message>This operation is not permitted\. (The|Send) [^<]+<\/Message>/)
    expect(lastLine()).toMatchObject({ outcome: 'accepted', code: 10002, detail: problem, store })
    expect(used).toMatchObject([{ tokenId: knownToken().tokenId, api: 'order', cause: null }])
  })

  test('and any other token, or two: no more than without one, whatever is wrong', async () => {
    await open()
    const two = Buffer.concat([Buffer.from(write(good)), Buffer.from(write(createTokenText()))])
    for (const body of [write(createTokenText()), write('nonsense'), write(good.slice(0, -1)), two]) {
      const answer = await send(gateway, '/V1/order', { body })
      expect([answer.status, codeIn(answer)]).toEqual([400, 10009])
      expect(answer.body).toContain('<Message>Authorization required.</Message>')
      expect(lastLine()).toMatchObject({ outcome: 'refused', code: 10009, detail: expect.any(String) })
    }
    expect(used).toEqual([])
  })

  test('and a revoked one: it counts as tried again', async () => {
    await open()
    expect(codeIn(await send(gateway, '/V1/order', { body: write(revoked) }))).toBe(10009)
    expect(lastLine()).toMatchObject({ cause: 'revoked', detail: problem })
    expect(used).toMatchObject([{ cause: 'revoked' }])
  })
})

test('white space behind the name of the token is looked through once, not from every place anew', async () => {
  // Looked through from every place it takes longer than a test may.
  const spaces = ' '.repeat(400_000)
  for (const between of ['', '<![CDATA[']) {
    const body = `<PartnerStoreContractToken>${spaces}${between}${spaces}`
    expect(tokenInBrokenXml(Buffer.from(body))).toBeUndefined()
  }
  await open()
  const body = `<PartnerStoreContractToken>${' '.repeat(60_000)}`
  expect(codeIn(await send(gateway, '/V1/order', { body }))).toBe(10009)
})
