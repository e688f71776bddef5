import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import type { CredentialScope } from '../credentials/model/scopes.ts'
import type { CredentialCaller } from '../credentials/present.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { readApiCursor } from './cursors.ts'
import type { Operation } from './operation.ts'
import { mostRows, usualRows } from './parameters.ts'
import type { ProblemName } from './problems.ts'

/** Why a request is not done, as its problem says it. */
export type ApiRefusal = {
  problem: ProblemName
  why?: string
  more?: Record<string, unknown>
  waitSeconds?: number
}

export type Reading = {
  caller: CredentialCaller
  /** What stands in the path for its parameters, in their order. */
  path: string[]
  /** Of the query, each name once. */
  params: Record<string, string>
  db: Database
}

type Addressed = Operation & {
  /** Below /api/v1; a parameter stands in braces. */
  path: string
}

type Read = Addressed & {
  method: 'GET'
  /** Null: whoever presents a live credential. */
  scope: CredentialScope | null
  /** What the OpenAPI document says of its parameters. */
  pathParameters?: z.ZodObject
  query?: z.ZodObject
}

export type ReadingRoute = Read & {
  answer: (asked: Reading) => Promise<Result<unknown, ApiRefusal>>
  /** Of the answer's body. */
  schema: z.ZodType
}

/** An address whose answer is of any length: sent as it is read. */
export type StreamingRoute = Read & {
  type: 'application/x-ndjson' | 'text/csv'
  stream: (asked: Reading) => Promise<Result<AsyncGenerator<string>, ApiRefusal>>
}

export type Changing = {
  actor: Actor
  /** Of the credential: what a change demands beside the scope of its address. */
  scopes: CredentialScope[]
  /** The same for each repetition of a request. */
  requestId: string
  db: Database
  address: string | null
}

/** An address that changes something. `body`: what it is sent. */
export type ChangeRoute = Addressed & {
  method: 'POST'
  scope: CredentialScope
  body: z.ZodType
  /** A body that says something. */
  example: Record<string, unknown>
  schema: z.ZodType
  change: (asked: Changing, body: unknown) => Promise<Result<unknown, ApiRefusal>>
}

const onStandby = z
  .enum(['confirmed', 'unconfirmed'])
  .describe('`unconfirmed`: it is done, and would be lost with the primary database if that were lost now.')

/** Keeps what a route's body reads and what its change takes together. */
export function changeRoute<Body extends z.ZodType>(
  definition: Omit<ChangeRoute, 'body' | 'change' | 'method' | 'schema'> & {
    body: Body
    schema: z.ZodObject
    change: (asked: Changing, body: z.output<Body>) => Promise<Result<unknown, ApiRefusal>>
  },
): ChangeRoute {
  return {
    ...{ method: 'POST', ...definition, change: definition.change as ChangeRoute['change'] },
    schema: definition.schema.extend({ onStandby }),
  }
}

const limitSchema = z
  .string()
  .regex(/^[1-9]\d{0,3}$/)
  .transform(Number)
  .pipe(z.int().max(mostRows))

/** Undefined where it is no number of rows. */
export function readLimit(typed: string | undefined): number | undefined {
  return typed === undefined ? usualRows : limitSchema.safeParse(typed).data
}

/** @param list whose filters and order, in one way of writing them. */
export function placed(list: string, after: string | undefined): Result<string | undefined, ApiRefusal> {
  if (after === undefined) return ok(undefined)
  const cursor = readApiCursor(list, after)
  return cursor.ok ? cursor : refuse({ problem: cursor.refusal })
}

export function onlyKnown(params: Record<string, string>, known: string[]): Result<null, ApiRefusal> {
  const unknown = Object.keys(params).filter((name) => !known.includes(name))
  return unknown.length > 0 ? refuse(unreadable(unknown)) : ok(null)
}

/** The page of a list that has nothing but pages. */
export function readPlain(
  list: string,
  { limit, after, ...rest }: Record<string, string>,
): Result<{ size: number; after: string | undefined }, ApiRefusal> {
  const known = onlyKnown(rest, [])
  if (!known.ok) return known
  const size = readLimit(limit)
  if (size === undefined) return refuse(unreadable(['limit']))
  const from = placed(list, after)
  return from.ok ? ok({ size, after: from.value }) : from
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
