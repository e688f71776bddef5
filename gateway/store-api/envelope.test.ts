import { describe, expect, test } from 'vitest'
import { ambiguous, readEnvelope } from './envelope.ts'

const read = (document: string, contentType?: string) => readEnvelope(Buffer.from(document), contentType)
const token = '<PartnerStoreContractToken>t</PartnerStoreContractToken>'

describe('what clients in the field send', () => {
  test('spaces around values, any order, Version twice, no declaration', () => {
    const document = `
      <ystorewsRequest>
        <Verb> get </Verb><Version> 1.0 </Version>
        <ResourceList><OrderListQuery/></ResourceList>
        <SecurityHeader><PartnerStoreContractToken>
          t
        </PartnerStoreContractToken></SecurityHeader>
        <Version>1.0</Version><StoreID> yhst-1234567890 </StoreID>
      </ystorewsRequest>`
    expect(read(document)).toMatchObject({
      ok: true,
      value: { storeId: 'yhst-1234567890', token: 't', verb: 'get', resources: [{ name: 'OrderListQuery' }] },
    })
  })

  test.each(['ystorewsRequest', 'ystorewsBulkRequest', 'y:ystorewsRequest'])('the root %s', (root) => {
    expect(read(`<${root}><SecurityHeader>${token}</SecurityHeader></${root}>`)).toMatchObject({
      ok: true,
      value: { token: 't' },
    })
  })

  test.each([undefined, '', 'xml', 'application/xml', 'text/xml', 'application/x-www-form-urlencoded', '@'])(
    'the content type %s',
    (contentType) => {
      expect(read('<ystorewsRequest/>', contentType).ok).toBe(true)
    },
  )
})

describe('what nobody can rely on', () => {
  const tokenOf = (inner: string) => {
    const result = read(`<ystorewsRequest>${inner}</ystorewsRequest>`)
    return result.ok ? result.value.token : result.refusal
  }
  const other = '<PartnerStoreContractToken>u</PartnerStoreContractToken>'

  test('two different tokens are ambiguous, in one header or in two', () => {
    expect(tokenOf(`<SecurityHeader>${token}${other}</SecurityHeader>`)).toBe(ambiguous)
    expect(
      tokenOf(`<SecurityHeader>${token}</SecurityHeader><SecurityHeader>${other}</SecurityHeader>`),
    ).toBe(ambiguous)
    expect(tokenOf(`<SecurityHeader>${token}<PartnerStoreContractToken/></SecurityHeader>`)).toBe(ambiguous)
  })

  test('the same token twice is that token', () => {
    expect(tokenOf(`<SecurityHeader>${token}${token}</SecurityHeader>`)).toBe('t')
  })

  test('a token with elements inside is ambiguous', () => {
    expect(
      tokenOf(
        '<SecurityHeader><PartnerStoreContractToken>t<x/></PartnerStoreContractToken></SecurityHeader>',
      ),
    ).toBe(ambiguous)
  })

  test('a token in another place is none', () => {
    expect(tokenOf(token)).toBeUndefined()
    expect(tokenOf(`<ResourceList><SecurityHeader>${token}</SecurityHeader></ResourceList>`)).toBeUndefined()
    expect(tokenOf(`<SecurityHeader><x>${token}</x></SecurityHeader>`)).toBeUndefined()
    expect(
      tokenOf('<SecurityHeader><PartnerStoreContractToken> </PartnerStoreContractToken></SecurityHeader>'),
    ).toBeUndefined()
  })

  test.each([
    '<StoreID>a<!-- -->b</StoreID>',
    '<StoreID>a<![CDATA[b]]></StoreID>',
    '<ResourceList><Order><StoreID>b</StoreID></Order></ResourceList><StoreID>a</StoreID>',
  ])('a store that another reader may read differently is ambiguous: %s', (inner) => {
    const result = read(`<ystorewsRequest>${inner}</ystorewsRequest>`)
    expect(result).toMatchObject({ ok: true, value: { storeId: ambiguous } })
  })

  test('two stores or two verbs are ambiguous', () => {
    const result = read(
      '<ystorewsRequest><StoreID>a</StoreID><StoreID>b</StoreID><Verb>get</Verb><Verb>update</Verb></ystorewsRequest>',
    )
    expect(result).toMatchObject({ ok: true, value: { storeId: ambiguous, verb: ambiguous } })
  })
})

test.each([
  ['nothing', '', 'empty'],
  ['another root', '<html/>', 'not-an-envelope'],
  ['a form', 'xml=%3CystorewsRequest%2F%3E', 'not-well-formed'],
])('%s is no envelope', (_, document, problem) => {
  expect(read(document)).toEqual({ ok: false, refusal: problem })
})
