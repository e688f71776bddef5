import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiResponseObject,
} from 'zod-openapi'
import { largestBodyKiB } from '../http/limits.ts'
import { webhookPayloads } from '../webhooks/payload-schemas.ts'
import { auditEntrySchema } from './audit-routes.ts'
import { usualProblems } from './operation.ts'
import { type ProblemName, problems } from './problems.ts'
import { type ApiRoute, apiRoutes } from './routes.ts'

/** Below /api/v1, for everybody: who makes a client of it has no credential yet. */
export const documentPath = '/openapi.json'

export type ApiDocument = ReturnType<typeof createDocument>

/** Left out where no credential was accepted. */
const limitHeaders = {
  RateLimit: z
    .string()
    .optional()
    .meta({
      header: { id: 'RateLimit' },
      description: 'How many requests are left (`r`), and in how many seconds all are there again (`t`).',
    }),
  'RateLimit-Policy': z
    .string()
    .optional()
    .meta({
      header: { id: 'RateLimitPolicy' },
      description: 'How many requests (`q`) there are in how many seconds (`w`).',
    }),
}
const entityTag = z
  .string()
  .meta({ header: { id: 'ETag' }, description: 'Of the body: sent back in If-None-Match.' })
const retryAfter = z
  .string()
  .optional()
  .meta({
    header: { id: 'RetryAfter' },
    description: 'In so many seconds the same request may be sent again.',
  })
const challenge = z
  .string()
  .optional()
  .meta({ header: { id: 'WWWAuthenticate' }, description: 'What is missing (RFC 6750).' })
const replayed = z
  .literal('true')
  .optional()
  .meta({
    header: { id: 'IdempotencyReplayed' },
    description: 'This is the answer of the first time: nothing was done now.',
  })

const idempotencyKey = z
  .string()
  .min(1)
  .max(257)
  .meta({
    param: { name: 'Idempotency-Key', in: 'header', id: 'IdempotencyKey' },
    description:
      'A new one for each change, such as a UUID, and the same one again where no answer came: visible characters, with or without quotation marks.',
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  })
const ifNoneMatch = z
  .string()
  .optional()
  .meta({
    param: { name: 'If-None-Match', in: 'header', id: 'IfNoneMatch' },
    description: 'An ETag: what has not changed is not sent again.',
  })

export const problemSchema = z
  .object({
    type: z.url().describe('Leads to its explanation. What stands behind `#` never changes.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong with this request, and what to do.'),
    scope: z.string().optional().describe('Of `scope-missing`: the scope that it needs.'),
    parameters: z.array(z.string()).optional().describe('Of `parameters-invalid`: which ones.'),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .describe('Of `body-invalid`: each part that is wrong.'),
    'violated-policies': z.array(z.string()).optional().describe('Of `quota-exceeded`.'),
  })
  .meta({ id: 'Problem', description: 'Why a request was not done (RFC 9457).' })

export type ProblemJson = z.input<typeof problemSchema>

/** What an address may be refused with, by status. */
export function problemsOf(
  route: Pick<ApiRoute, 'method' | 'scope' | 'problems'>,
): Map<number, ProblemName[]> {
  const names: ProblemName[] = [
    ...usualProblems.all,
    ...(route.scope === null ? [] : usualProblems.scoped),
    ...(route.method === 'POST' ? usualProblems.changing : []),
    ...route.problems,
  ]
  return Map.groupBy(names, (name) => problems[name].status)
}

function refusals(route: ApiRoute): Record<string, ZodOpenApiResponseObject> {
  return Object.fromEntries(
    [...problemsOf(route)].map(([status, names]) => [
      `${status}`,
      usualRefusals.get(status) ?? refusal(names),
    ]),
  )
}

const refusal = (names: ProblemName[]): ZodOpenApiResponseObject => ({
  description: names.map((name) => `- \`${name}\`: ${problems[name].title}.`).join('\n'),
  headers: z.object({ ...limitHeaders, 'Retry-After': retryAfter, 'WWW-Authenticate': challenge }),
  content: { 'application/problem+json': { schema: problemSchema } },
})

/** Of those statuses that mean the same at every address. */
const usualRefusals = new Map(
  [...Map.groupBy(usualProblems.all, (name): number => problems[name].status)].flatMap(([status, names]) =>
    [400, 403].includes(status) ? [] : [[status, { id: `Refused${status}`, ...refusal(names) }] as const],
  ),
)

/** Before anybody looks who asks; in words, for such a request is a mistake of the program. */
const ofGate: Record<string, ZodOpenApiResponseObject> = Object.fromEntries(
  Object.entries({
    411: 'The length of the body was not announced: it needs `Content-Length`.',
    413: `The body is larger than ${largestBodyKiB} KiB.`,
  }).map(([status, description]) => [
    status,
    { id: `Refused${status}`, description, content: { 'text/plain': { schema: z.string() } } },
  ]),
)

function operationOf(route: ApiRoute): ZodOpenApiOperationObject {
  const { operationId, summary, scope } = route
  const about = {
    ...{ operationId, summary },
    description: scope === null ? 'For any credential.' : `Needs the scope \`${scope}\`.`,
    security: [{ serviceCredential: scope === null ? [] : [scope] }],
  }
  if ('stream' in route)
    return {
      ...about,
      requestParams: { ...(route.query && { query: route.query }) },
      responses: {
        '200': {
          description: 'As much as there is, without an end that is known before.',
          headers: z.object(limitHeaders),
          content: { [route.type]: { schema: z.string() } },
        },
        ...refusals(route),
      },
    }
  const json = { 'application/json': { schema: route.schema } }
  if (route.method === 'POST')
    return {
      ...about,
      parameters: [idempotencyKey],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: route.body, example: route.example } },
      },
      responses: {
        '200': {
          description: 'What became of it.',
          headers: z.object({ ...limitHeaders, 'Idempotency-Replayed': replayed }),
          content: json,
        },
        ...refusals(route),
        ...ofGate,
      },
    }
  const headers = z.object({ ...limitHeaders, ETag: entityTag })
  return {
    ...about,
    parameters: [ifNoneMatch],
    requestParams: {
      ...(route.pathParameters && { path: route.pathParameters }),
      ...(route.query && { query: route.query }),
    },
    responses: {
      '200': { description: 'What was asked for.', headers, content: json },
      '304': { description: 'It has not changed.', headers },
      ...refusals(route),
    },
  }
}

const pathItems = () =>
  Object.fromEntries(
    [...Map.groupBy(apiRoutes, ({ path }) => path)].map(([path, routes]) => [
      path,
      Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operationOf(route)])),
    ]),
  )

const webhookHeaders = z.object({
  'webhook-id': z.string().describe('The same at each attempt of this event at this endpoint.'),
  'webhook-timestamp': z.string().describe('Seconds since 1970 at this attempt.'),
  'webhook-signature': z
    .string()
    .describe('`v1,` and the HMAC-SHA-256 over `<webhook-id>.<webhook-timestamp>.<body>` in base64.'),
  'log-checkpoint': z
    .string()
    .optional()
    .describe(
      'The newest checkpoint of the log of receipts, as it was signed, in base64. Left out where nothing is signed.',
    ),
})

const webhooks = () =>
  Object.fromEntries(
    webhookPayloads.map(({ type, summary, chosenWith, schema }) => [
      type,
      {
        post: {
          summary,
          description:
            chosenWith === null
              ? 'Sent once for each press of Send Test Event.'
              : `Sent to endpoints that want ${chosenWith.map((kind) => `\`${kind}\``).join(' or ')}.`,
          operationId: `webhook.${type}`,
          security: [],
          requestParams: { header: webhookHeaders },
          requestBody: { required: true, content: { 'application/json': { schema } } },
          responses: { '2XX': { description: 'Taken. Anything else is sent again later.' } },
        },
      },
    ]),
  )

/**
 * The management API as OpenAPI 3.1 has it, made of the schemas that read requests and describe answers (docs/decisions/025-openapi.md).
 * @param origin where people reach this server.
 */
export function describeApi(origin: string): ApiDocument {
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Management API of partner access tokens',
        version: '1',
        description:
          'For programs of stores and partners that look after tokens. Answers may have more fields later: leave out what you do not know. Each GET answers HEAD as well. Times are in UTC, and end in Z.',
      },
      servers: [{ url: `${origin}/api/v1` }],
      externalDocs: { description: 'How to begin', url: `${origin}/help/api` },
      paths: {
        ...pathItems(),
        [documentPath]: {
          get: {
            operationId: 'getDocument',
            summary: 'This document.',
            description: 'For everybody.',
            security: [],
            parameters: [ifNoneMatch],
            responses: {
              '200': {
                description: 'The document.',
                headers: z.object({ ETag: entityTag }),
                content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
              },
              '304': { description: 'It has not changed.', headers: z.object({ ETag: entityTag }) },
            },
          },
        },
      },
      webhooks: webhooks(),
      components: {
        schemas: { AuditEntry: auditEntrySchema },
        securitySchemes: {
          serviceCredential: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'ptsc_…',
            description:
              'A service credential of a store or partner, which an owner makes under Members. A partner access token opens nothing here.',
          },
        },
      },
    },
    { override: leaveOpen },
  )
}

/** Answers may grow. A format says what its pattern would, and every number of ours is one that JavaScript can count to. */
const leaveOpen: ZodOpenApiOverride = ({ jsonSchema, io }) => {
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}
