import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Engine, openEngine } from '../testing/engine.ts'
import {
  codeIn,
  type Gateway,
  knownToken,
  openGatewayWithout,
  send,
  tokenTextForComments,
} from '../testing/gateway.ts'
import { createForwardingEngine, type ForwardingEngine } from './forwarding.ts'

/** For a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 30_000 })

const token = tokenTextForComments()
const known = knownToken()

let engine: Engine
let forwarding: ForwardingEngine
let gateway: Gateway
let calls = 0

beforeAll(async () => {
  engine = await openEngine((_, response) => {
    calls++
    response.end('<ok/>')
  })
  forwarding = createForwardingEngine({
    url: engine.url,
    timeoutMs: 10_000,
    secret: 'a secret that gateway and engine share',
  })
  gateway = await openGatewayWithout(new Map([[token, known]]), { engine: forwarding })
})
afterAll(async () => {
  await gateway.close()
  await forwarding.close()
  await engine.close()
})

const header = (inner: string) =>
  `<SecurityHeader><PartnerStoreContractToken>${inner}</PartnerStoreContractToken></SecurityHeader>`
const rest = '<Verb>get</Verb><ResourceList><CatalogQuery>caf\u00e9</CatalogQuery></ResourceList>'
const envelopeWith = (inner: string, more = rest) =>
  `<ystorewsRequest><StoreID>${known.storeId}</StoreID>${header(inner)}<Version>1.0</Version>${more}</ystorewsRequest>`

const contentTypes = [
  undefined,
  'xml',
  'application/xml',
  'text/xml; charset=utf-8',
  'text/xml; charset=iso-8859-1',
  'application/x-www-form-urlencoded',
  'text/plain',
]

/** docs/domain.md, The store's XML API: how clients in the field differ. */
const styles: [style: string, document: string][] = [
  ['without a declaration', envelopeWith(token)],
  ['with one', `<?xml version="1.0" encoding="utf-8"?>\n${envelopeWith(token)}`],
  ['with one in single quotes', `<?xml version='1.0' encoding='utf-8'?>${envelopeWith(token)}`],
  ['with one of ISO-8859-1', `<?xml version="1.0" encoding="ISO-8859-1"?>${envelopeWith(token)}`],
  [
    'with spaces around values',
    envelopeWith(`\r\n   ${token}\t\n`).replace(
      /<StoreID>.*<\/StoreID>/,
      '<StoreID> harbor-lights </StoreID>',
    ),
  ],
  [
    'with elements in another order, and Version twice',
    `<ystorewsRequest>${rest}<Version> 1.0 </Version>${header(` ${token} `)}<StoreID>${known.storeId}</StoreID><Version>1.0</Version></ystorewsRequest>`,
  ],
  ['in bulk', envelopeWith(token).replaceAll('ystorewsRequest', 'ystorewsBulkRequest')],
  ['with a prefix', envelopeWith(token).replaceAll('ystorewsRequest', 'y:ystorewsRequest')],
  ['in CDATA', envelopeWith(`<![CDATA[${token}]]>`)],
  [
    'with the token in a comment and an attribute too',
    envelopeWith(token, `<!-- ${token} --><Note by='${token}'/>${rest}`),
  ],
  ['with the security header twice', envelopeWith(token, header(token) + rest)],
]

const encodings: [encoding: string, encode: (document: string) => Buffer][] = [
  ['UTF-8', (document) => Buffer.from(document)],
  ['UTF-8 with a mark', (document) => Buffer.from(`\ufeff${document}`)],
  ['ISO-8859-1', (document) => Buffer.from(document, 'latin1')],
  ['US-ASCII', (document) => Buffer.from(document.replace('\u00e9', 'e'))],
]

test.each(
  styles.flatMap(([style, document]) =>
    encodings.map(([encoding, encode]) => [style, encoding, document, encode] as const),
  ),
)(
  '%s, in %s, with any content type: the engine gets the call, or nobody',
  async (_, encoding, document, encode) => {
    const before = calls
    let letIn = 0
    for (const contentType of contentTypes) {
      const answer = await send(gateway, '/V1/CatalogQuery', {
        body: encode(document),
        headers: contentType === undefined ? {} : { 'Content-Type': contentType },
      })
      if (answer.status === 200) letIn++
      // The same bytes are no text in the encoding that the content type or the declaration says. The token in them is
      // good: its caller hears what is wrong.
      else expect(codeIn(answer)).toBe(10002)
    }
    expect(calls - before).toBe(letIn)
    // Declared as UTF-8 and sent as something else: no content type can mend that.
    const contradictsItself = encoding === 'ISO-8859-1' && /encoding=['"]utf-8/.test(document)
    expect(letIn > 0).toBe(!contradictsItself)
  },
)

test.each(['utf16le', 'utf16be'])(
  '%s is not read at the gateway, so none of it goes on',
  async (encoding) => {
    const before = calls
    const bytes = Buffer.from(`\ufeff${envelopeWith(token)}`, 'utf16le')
    const body = encoding === 'utf16le' ? bytes : Buffer.from(bytes).swap16()
    expect(codeIn(await send(gateway, '/V1/CatalogQuery', { body }))).toBe(10002)
    expect(calls).toBe(before)
  },
)

test('a token in two parts of CDATA is none: nothing goes on', async () => {
  const before = calls
  const body = envelopeWith(`<![CDATA[${token.slice(0, 9)}]]><![CDATA[${token.slice(9)}]]>`)
  expect(codeIn(await send(gateway, '/V1/CatalogQuery', { body }))).toBe(10009)
  expect(calls).toBe(before)
})

const decimal = `&#49;${token.slice(1)}`

test.each([
  ['as a reference', envelopeWith(decimal), '', {}, 'token-in-body'],
  [
    'as a reference in an attribute',
    envelopeWith(token, `<Note by="${decimal}"/>${rest}`),
    '',
    {},
    'token-in-body',
  ],
  ['in the query', envelopeWith(token), `?token=${token}`, {}, 'token-in-head'],
  ['in the query, percent-encoded', envelopeWith(token), `?%31${token.slice(1)}`, {}, 'token-in-head'],
  ['in a header', envelopeWith(token), '', { 'X-Api-Key': token }, 'token-in-head'],
  ['in Host', envelopeWith(token), '', { Host: token }, 'token-in-head'],
  ['as the name of a header', envelopeWith(token), '', { [token]: 'x' }, 'token-in-head'],
  [
    'in Referer',
    envelopeWith(token),
    '',
    { Referer: `https://partner.example/?t=${token}` },
    'token-in-head',
  ],
])(
  'a call with the token %s is refused with 10002 and goes nowhere',
  async (_, body, query, headers, detail) => {
    const before = calls
    const answer = await send(gateway, `/V1/CatalogQuery${query}`, {
      body,
      headers: headers as Record<string, string>,
    })
    expect([answer.status, codeIn(answer)]).toEqual([400, 10002])
    expect(calls).toBe(before)
    const line = gateway
      .log()
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text))
      .find(({ requestId }) => requestId === answer.headers['x-request-id'])
    expect(line).toMatchObject({ detail, code: 10002, tokenId: known.tokenId })
  },
)

test('a token in Authorization or in a cookie does not go on, the call does', async () => {
  const before = calls
  const headers = { Authorization: `Bearer ${token}`, Cookie: `t=${token}` }
  expect((await send(gateway, '/V1/CatalogQuery', { body: envelopeWith(token), headers })).status).toBe(200)
  expect(calls).toBe(before + 1)
})

test('in all that the engine got there is no token, nor a piece of one, nor in the log', () => {
  const pieces = [token, token.slice(4), token.slice(0, 20), token.slice(20), token.slice(-12)]
  const received = engine.received()
  expect(received.length).toBeGreaterThan(10_000)
  expect(received.toString('latin1')).toContain('X-Call-Signature')
  for (const encoding of ['latin1', 'utf16le', 'base64', 'base64url', 'hex'] as const) {
    for (const piece of pieces)
      expect(received.includes(Buffer.from(piece, 'latin1').toString(encoding), 0, 'latin1')).toBe(false)
  }
  for (const piece of pieces) {
    expect(received.includes(Buffer.from(piece, 'utf16le'))).toBe(false)
    expect(gateway.log()).not.toContain(piece)
  }
})
