import { z } from 'zod'
import { credentialScopes } from '#db/schema/service-credentials.ts'
import { tokenHistory } from '../audit/history.ts'
import { placeOfAccess, readAccessPage, readAccessQuery } from '../partners/access-list.ts'
import { ok, refuse } from '../result.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { maxSearchLength } from '../text/search-text.ts'
import { findToken, readTokenPage } from '../tokens/review/list.ts'
import { readListExactly, writeListQuery } from '../tokens/review/list-query.ts'
import { usageOfToken } from '../tokens/review/usage-of-token.ts'
import { accessJson, accessListSchema } from './access-json.ts'
import { auditRoutes } from './audit-routes.ts'
import { tokenChanges } from './changes.ts'
import { writeApiCursor } from './cursors.ts'
import { cutOffChanges, cutOffRoutes } from './cut-off-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { accessListParameters, tokenListParameters } from './parameters.ts'
import { planChanges, planRoutes } from './plan-routes.ts'
import {
  type ChangeRoute,
  onlyKnown,
  placed,
  type ReadingRoute,
  readLimit,
  type StreamingRoute,
  unreadable,
} from './route.ts'
import { tokenDetailsJson, tokenDetailsSchema, tokenJson, tokenListSchema } from './token-json.ts'
import { webhookChanges, webhookRoutes } from './webhook-routes.ts'

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

/** Every address that changes something. */
export const changeRoutes: ChangeRoute[] = [
  ...[...tokenChanges, ...planChanges, ...cutOffChanges, ...webhookChanges],
]

export type ApiRoute = ReadingRoute | StreamingRoute | ChangeRoute

/** Every address of the management API. Each asks the same functions as the pages. */
export const apiRoutes: ApiRoute[] = [
  ...readingRoutes,
  ...[planRoutes, cutOffRoutes, webhookRoutes, memberRoutes].flat(),
  ...auditRoutes,
  ...changeRoutes,
]
