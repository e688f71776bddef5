import { z } from 'zod'
import { credentialScopes } from '#db/schema/service-credentials.ts'
import { tokenHistory } from '../audit/history.ts'
import type { CredentialScope } from '../credentials/model/scopes.ts'
import type { CredentialCaller } from '../credentials/present.ts'
import { placeOfAccess, readAccessPage, readAccessQuery } from '../partners/access-list.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { maxSearchLength } from '../text/search-text.ts'
import { findToken, readTokenPage } from '../tokens/review/list.ts'
import { readListExactly, writeListQuery } from '../tokens/review/list-query.ts'
import { usageOfToken } from '../tokens/review/usage-of-token.ts'
import { accessJson, accessListSchema } from './access-json.ts'
import { type ChangeRefusal, type ChangeRoute, changeRoutes } from './changes.ts'
import { readApiCursor, writeApiCursor } from './cursors.ts'
import type { Operation } from './operation.ts'
import { accessListParameters, mostRows, tokenListParameters, usualRows } from './parameters.ts'
import { tokenDetailsJson, tokenDetailsSchema, tokenJson, tokenListSchema } from './token-json.ts'

export type ApiRefusal = ChangeRefusal

type Asked = {
  caller: CredentialCaller
  /** What stands in the path for its parameters, in their order. */
  path: string[]
  /** Of the query, each name once. */
  params: Record<string, string>
  db: Database
}

export type ReadingRoute = Operation & {
  method: 'GET'
  /** Below /api/v1; a parameter stands in braces. */
  path: string
  /** Null: whoever presents a live credential. */
  scope: CredentialScope | null
  /** What the OpenAPI document says of its parameters. */
  pathParameters?: z.ZodObject
  query?: z.ZodObject
  answer: (asked: Asked) => Promise<Result<unknown, ApiRefusal>>
  /** Of the answer's body. */
  schema: z.ZodType
}

const limitSchema = z
  .string()
  .regex(/^[1-9]\d{0,3}$/)
  .transform(Number)
  .pipe(z.int().max(mostRows))

const worksFor = z.object({ id: z.string() }).nullable()
const credentialSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.enum(credentialScopes)),
    expiresAt: z.iso.datetime(),
    store: worksFor.describe('For whom it works; null: for a partner.'),
    partner: worksFor.describe('For whom it works; null: for a store.'),
  })
  .meta({ id: 'Credential', description: 'The service credential of the request.' })
const oneToken = z.object({ id: z.uuid().describe('Of the token.') })

export type ApiRoute = ReadingRoute | ChangeRoute

const readingRoutes: ReadingRoute[] = [
  {
    ...{ method: 'GET', path: '/credential', scope: null, schema: credentialSchema, problems: [] },
    operationId: 'getCredential',
    summary: 'The credential itself: for whom it works, what it may do, and until when.',
    async answer({ caller: { actor, credential }, params }) {
      const none = onlyKnown(params, [])
      if (!none.ok) return none
      const { id, name, scopes, expiresAt } = credential
      return ok({
        ...{ id, name, scopes, expiresAt: expiresAt.toISOString() },
        store: actor.side === 'merchant' ? { id: actor.storeId } : null,
        partner: actor.side === 'partner' ? { id: actor.partnerId } : null,
      })
    },
  },
  {
    ...{ method: 'GET', path: '/tokens', scope: 'read', schema: tokenListSchema },
    ...{ query: tokenListParameters, problems: ['cursor-invalid'] },
    operationId: 'listTokens',
    summary: 'Tokens, with the filters, searches and orders of the lists.',
    async answer({ caller: { actor }, params: { limit, after, ...rest }, db }) {
      const size = readLimit(limit)
      const read = readListExactly(rest, actor.side)
      const unread = [...(size === undefined ? ['limit'] : []), ...(read.ok ? [] : read.refusal.unread)]
      if (!read.ok || size === undefined) return refuse(unreadable(unread))
      const list = `tokens ${writeListQuery(read.value, actor.side)}`
      const from = placed(list, after)
      if (!from.ok) return from
      // Its keys are another matter: those of this order.
      const exact =
        from.value === undefined ? read : readListExactly({ ...rest, after: from.value }, actor.side)
      if (!exact.ok) return refuse({ problem: 'cursor-invalid' })
      const page = await readTokenPage(actor, exact.value, { db, size })
      return ok({ tokens: page.rows.map(tokenJson), next: writeApiCursor(list, page.next) })
    },
  },
  {
    ...{ method: 'GET', path: '/tokens/{id}', scope: 'read', schema: tokenDetailsSchema },
    ...{ pathParameters: oneToken, problems: ['token-not-found'] },
    operationId: 'getToken',
    summary: 'One token, with the last 100 lines of its history and its use in the last 30 days.',
    async answer({ caller: { actor }, path: [given], params, db }) {
      const none = onlyKnown(params, [])
      if (!none.ok) return none
      const id = rowIdSchema.safeParse(given)
      const token = id.success ? await findToken(actor, id.data, { db }) : undefined
      if (!token) return refuse({ problem: 'token-not-found' })
      const [history, usage] = [
        await tokenHistory(actor, token.id, { db }),
        await usageOfToken(actor, token.id, { db }),
      ]
      if (!usage) return refuse({ problem: 'token-not-found' })
      return ok(tokenDetailsJson(token, { side: actor.side, history, usage }))
    },
  },
  {
    ...{ method: 'GET', path: '/access', scope: 'read', schema: accessListSchema },
    ...{ query: accessListParameters, problems: ['cursor-invalid'] },
    operationId: 'listAccess',
    summary:
      'Of a store: the partners that have access, with their APIs. Of a partner: the stores that have added it.',
    async answer({ caller: { actor }, params: { limit, after, ...rest }, db }) {
      const known = onlyKnown(rest, ['search'])
      if (!known.ok) return known
      const size = readLimit(limit)
      const query = readAccessQuery(rest)
      const isSearchRead =
        rest.search === undefined || (query.search !== undefined && rest.search.length <= maxSearchLength)
      if (size === undefined || !isSearchRead)
        return refuse(
          unreadable([...(size === undefined ? ['limit'] : []), ...(isSearchRead ? [] : ['search'])]),
        )
      const list = `access ${new URLSearchParams(query.search === undefined ? {} : { search: query.search })}`
      const from = placed(list, after)
      if (!from.ok) return from
      const placedQuery = { ...query, after: from.value }
      if (from.value !== undefined && !placeOfAccess(placedQuery))
        return refuse({ problem: 'cursor-invalid' })
      const page = await readAccessPage(actor, placedQuery, { db, size })
      return ok({ access: page.rows.map(accessJson), next: writeApiCursor(list, page.next) })
    },
  },
]

/** Every address of the management API. Each asks the same functions as the pages. */
export const apiRoutes: ApiRoute[] = [...readingRoutes, ...changeRoutes]

/** Undefined where it is no number of rows. */
function readLimit(typed: string | undefined): number | undefined {
  return typed === undefined ? usualRows : limitSchema.safeParse(typed).data
}

function placed(list: string, after: string | undefined): Result<string | undefined, ApiRefusal> {
  if (after === undefined) return ok(undefined)
  const cursor = readApiCursor(list, after)
  return cursor.ok ? cursor : refuse({ problem: cursor.refusal })
}

function onlyKnown(params: Record<string, string>, known: string[]): Result<null, ApiRefusal> {
  const unknown = Object.keys(params).filter((name) => !known.includes(name))
  return unknown.length > 0 ? refuse(unreadable(unknown)) : ok(null)
}

/** Each by its name alone: what was typed may be a secret. */
export function unreadable(names: string[]): ApiRefusal {
  const listed = names.slice(0, 20).map((name) => name.slice(0, 50))
  return {
    problem: 'parameters-invalid',
    why: `Not understood: ${listed.join(', ')}.`,
    more: { parameters: listed },
  }
}
