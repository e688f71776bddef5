import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEnvelope } from '../store-api/envelope.ts'
import { tokenTextForComments } from '../testing/gateway.ts'
import { headHoldsToken, removeToken } from './token-removal.ts'

const token = tokenTextForComments()
const header = (inner: string) =>
  `<SecurityHeader><PartnerStoreContractToken>${inner}</PartnerStoreContractToken></SecurityHeader>`
const request = (inner: string) => `<ystorewsRequest><StoreID>mine</StoreID>${inner}</ystorewsRequest>`

function remove(body: Buffer, contentType?: string) {
  const envelope = readEnvelope(body, contentType)
  if (!envelope.ok) throw new Error(`the gateway does not read it: ${envelope.refusal}`)
  return removeToken({ body, contentType, root: envelope.value.root, tokenText: token })
}

describe('the token is cut out, and nothing else is touched', () => {
  test.each([
    ['as it mostly is', request(header(token))],
    ['with spaces around it', request(header(`\r\n\t ${token} \n`))],
    ['in CDATA', request(header(`<![CDATA[${token}]]>`))],
    ['twice', request(header(token) + header(token))],
    [
      'in other places too',
      request(`${header(token)}<!-- ${token} --><Note by="${token}">${token}${token}</Note>`),
    ],
    [
      'after a declaration in single quotes',
      `<?xml version='1.0' encoding='utf-8'?>${request(header(token))}`,
    ],
    [
      'with a mark, and letters beyond ASCII',
      `\ufeff${request(`${header(token)}<Note>caf\u00e9 \u{1f6a2}</Note>`)}`,
    ],
  ])('%s', (_, document) => {
    expect(remove(Buffer.from(document))).toEqual({
      ok: true,
      value: Buffer.from(document.replaceAll(token, '')),
    })
  })

  test('in ISO-8859-1, byte by byte', () => {
    const document = Buffer.from(request(`${header(token)}<Note>caf\u00e9</Note>`), 'latin1')
    const expected = Buffer.from(document.toString('latin1').replace(token, ''), 'latin1')
    expect(remove(document, 'text/xml; charset=iso-8859-1')).toEqual({ ok: true, value: expected })
  })
})

describe('refused, since the token is still there', () => {
  const half = token.length / 2
  const [start, end] = [token.slice(0, half), token.slice(half)]
  const decimal = `&#${token.charCodeAt(0)};${token.slice(1)}`
  const hex = `${token.slice(0, 5)}&#X${token.charCodeAt(5).toString(16)};${token.slice(6)}`.replace('X', 'x')

  test.each([
    ['with a decimal reference', request(header(decimal))],
    ['with a hexadecimal reference', request(header(hex))],
    ['in CDATA in two parts', request(header(`<![CDATA[${start}]]><![CDATA[${end}]]>`))],
    ['half in CDATA', request(header(`${start}<![CDATA[${end}]]>`))],
    ['with a comment inside', request(header(`${start}<!-- -->${end}`))],
    ['once plain, once with a reference', request(header(token) + header(decimal))],
    ['once plain, once with a reference in an attribute', request(`${header(token)}<Note by="${decimal}"/>`)],
    ['once plain, once with a reference in a comment', request(`${header(token)}<!-- ${hex} -->`)],
    ['once plain, once around an element', request(`${header(token)}<Note>${start}<br/>${end}</Note>`)],
    ['grown together by the cut', request(`${header(token)}<Note>${start}${token}${end}</Note>`)],
    [
      'grown together by the cut, half in CDATA',
      request(`${header(token)}<Note>${start}${token}<![CDATA[${end}]]></Note>`),
    ],
    ['grown together by the cut in a comment', request(`${header(token)}<!--${start}${token}${end}-->`)],
  ])('%s', (_, document) => {
    expect(remove(Buffer.from(document))).toEqual({ ok: false, refusal: 'token-in-body' })
  })
})

describe('refused, since the cut would say something else', () => {
  test.each([
    ['a name', `<StoreID${token}>other</StoreID${token}>`],
    ['the end of a comment', `<!-- -${token}-> <StoreID>other</StoreID> -->`],
    ['the end of CDATA', `<Note><![CDATA[ ]${token}]> ]]></Note><Note><![CDATA[]]${token}></Note>]]></Note>`],
  ])('by making %s', (_, inner) => {
    const body = Buffer.from(request(header(token) + inner))
    expect(readEnvelope(body, undefined).ok).toBe(true)
    expect(remove(body)).toEqual({ ok: false, refusal: 'token-in-body' })
  })
})

test('wherever pieces of the token stand: it is gone, or the call goes nowhere', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      token,
      token,
      token.slice(0, 20),
      token.slice(20),
      '&#49;.0_',
      '<!-- ',
      ' -->',
      '<Note>',
      '</Note>',
    ),
    fc.constantFrom('<![CDATA[', ']]>', ' ', 'x', '<br/>', '&#x31;', token.slice(1), '<Note by="', '"/>'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const body = Buffer.from(request(header(token) + pieces.join('')))
      if (!readEnvelope(body, undefined).ok) return
      const removed = remove(body)
      if (!removed.ok) return
      expect(removed.value.includes(token)).toBe(false)
      const read = readEnvelope(removed.value, undefined)
      expect(read).toMatchObject({ ok: true, value: { storeId: 'mine', token: undefined } })
      expect(read.ok && JSON.stringify(read.value.root).includes(token)).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['the address', `/V1/order?token=${token}`],
  ['the address, percent-encoded', `/V1/order?token=%31${token.slice(1)}`],
  [
    'the address, percent-encoded altogether',
    `/V1/order?${Buffer.from(token).toString('hex').replace(/../g, '%$&')}`,
  ],
  ['a value', `key ${token}`],
  ['a name', `X-${token}`],
])('the token is found in %s', (_, part) => {
  expect(headHoldsToken(['/V1/order', 'Accept', part], token)).toBe(true)
  expect(headHoldsToken(['/V1/order', 'Accept', part.replace(/[\da-z]$/i, '')], token)).toBe(false)
})
