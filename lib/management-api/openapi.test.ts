import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { credentialScopes } from '#db/schema/service-credentials.ts'
import { testKind, webhookKinds } from '../webhooks/kinds.ts'
import { describeApi, documentPath, problemsOf } from './openapi.ts'
import { problems } from './problems.ts'
import { referenceOf } from './reference.ts'
import { apiRoutes, changeRoutes } from './routes.ts'
import { undocumentedIn, validatorOf } from './test-document.ts'

const document = describeApi('https://tokens.example')
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  (['get', 'post', 'put', 'delete', 'patch'] as const).flatMap((method) =>
    item[method] ? [{ path, method, ...item[method] }] : [],
  ),
)

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document) as never)).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the validator refuses a document with one wrong place', async () => {
  const wrong = structuredClone(document) as { paths: Record<string, { get?: { responses?: unknown } }> }
  wrong.paths['/tokens'] = { get: { responses: { 200: {} } } }
  expect(await new Validator().validate(wrong as never)).toMatchObject({ valid: false })
})

test('every address of the code stands in the document, with its scope, and no other one but its own', () => {
  const written = operations.map(({ method, path, security }) => [method.toUpperCase(), path, security])
  const coded = apiRoutes.map(({ method, path, scope }) => [
    ...[method, path, [{ serviceCredential: scope === null ? [] : [scope] }]],
  ])
  expect(new Set(written.map((one) => JSON.stringify(one)))).toEqual(
    new Set([...coded, ['GET', documentPath, []]].map((one) => JSON.stringify(one))),
  )
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
})

test('every scope has an address that needs it', () => {
  expect(new Set(apiRoutes.flatMap(({ scope }) => scope ?? []))).toEqual(new Set(credentialScopes))
})

test('every problem belongs to an address, but for those of no address', () => {
  const ofNone = ['route-not-found', 'method-not-allowed']
  expect(new Set(apiRoutes.flatMap((route) => [...problemsOf(route).values()].flat()))).toEqual(
    new Set(Object.keys(problems).filter((name) => !ofNone.includes(name))),
  )
})

test.each(changeRoutes.map((route) => [route.path, route] as const))(
  'the body that POST %s has as an example is one',
  (path, { body, example }) => {
    expect(body.safeParse(example)).toMatchObject({ success: true })
    const isValid = validatorOf('paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema')
    expect(isValid(example), JSON.stringify(isValid.errors)).toBe(true)
    expect(isValid({ ...example, other: 1 })).toBe(false)
  },
)

test('every parameter in braces is said to be needed', () => {
  for (const { path, parameters = [] } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const said = parameters.flatMap((one) => ('in' in one && one.in === 'path' ? [one.name] : []))
    expect(said).toEqual(named)
  }
})

test('what endpoints choose from, and the test, stand among the webhooks', () => {
  expect(Object.keys(document.webhooks ?? {})).toEqual(expect.arrayContaining([...webhookKinds, testKind]))
})

test('an answer with a field, a header, a status or a name that is not said is noticed', () => {
  const headers = new Headers({ 'content-type': 'application/json', etag: 'W/"x"' })
  const text = JSON.stringify({ tokens: [], next: null })
  expect(undocumentedIn('/tokens', 'get', { status: 200, headers, text })).toBeNull()
  const more = JSON.stringify({ tokens: [], next: null, more: 1 })
  expect(undocumentedIn('/tokens', 'get', { status: 200, headers, text: more })).toMatch(/more/)
  expect(undocumentedIn('/tokens', 'get', { status: 202, headers, text })).toMatch(/202/)
  const extra = new Headers({ 'content-type': 'application/json', 'x-more': '1' })
  expect(undocumentedIn('/tokens', 'get', { status: 200, headers: extra, text })).toMatch(/x-more/)
  const problem = new Headers({ 'content-type': 'application/problem+json' })
  const refused = {
    type: 'https://tokens.example/help/api#has-live-token',
    title: '',
    status: 400,
    detail: '',
  }
  expect(
    undocumentedIn('/tokens', 'get', { status: 400, headers: problem, text: JSON.stringify(refused) }),
  ).toMatch(/has-live-token/)
})

test('the reference shows fields by their path, with what they are', () => {
  const { operations, schemas, webhooks } = referenceOf(document)
  const renewing = operations.find(({ id }) => id === 'renewTokens')
  expect(renewing?.body.map(({ name, type, isRequired }) => [name, type, isRequired])).toEqual([
    ['tokenIds', 'list of id', true],
    ['expiresAt', 'time', false],
    ['oldTokens', 'object', false],
    ['oldTokens.end', 'at-expiry | at-first-use | on-date', true],
    ['oldTokens.at', 'time', false],
  ])
  expect(renewing?.answer.map(({ name }) => name)).toEqual([
    ...['results', 'results[].tokenId', 'results[].outcome', 'results[].successorId', 'onStandby'],
  ])
  expect(renewing?.refusals.find(({ status }) => status === '401')?.names).toContain('credential-revoked')
  const listing = operations.find(({ id }) => id === 'listTokens')
  expect(listing?.parameters.find(({ name }) => name === 'limit')).toMatchObject({
    ...{ in: 'query', type: 'whole number; usually 100', isRequired: false },
  })
  expect(listing?.answer[0]).toMatchObject({ name: 'tokens', type: 'list of Token', schema: 'Token' })
  const token = schemas.find(({ name }) => name === 'Token')
  expect(token?.fields.map(({ name }) => name)).toContain('pauses[].endsAs')
  const typeOf = (name: string) => token?.fields.find((field) => field.name === name)?.type
  expect(typeOf('lastUse.api')).toBe('text, or null')
  expect(typeOf('adoptedAt')).toBe('time, or null')
  expect(webhooks.find(({ type }) => type === 'token.paused')?.body.map(({ name }) => name)).toContain(
    'data.until',
  )
})
