import type { IncomingHttpHeaders } from 'node:http'
import type { RefusalCause } from '#lib/tokens/policy.ts'
import type { UsedApi } from '#lib/tokens/usage.ts'
import type { Reply } from './reply.ts'

/** A request as far as the door's server reads it. */
export type DoorRequest = {
  method: string
  /** Without the query. */
  path: string
  headers: IncomingHttpHeaders
  /** `undefined`: larger than is taken. */
  body: Buffer | undefined
  requestId: string
}

/** What the log says of a call, besides its address and time. Never the token's text. */
export type LogFacts = Record<string, unknown> & {
  outcome: 'accepted' | 'refused' | 'failed'
  error?: unknown
}

/** A call with a token that is known, accepted or refused. */
export type TokenUse = {
  tokenId: string
  api: UsedApi
  /** Null: accepted. */
  cause: RefusalCause | null
  /** Who asked, where it was another server that the token had been presented to. */
  askedBy?: string
}

export type Answered = { reply: Reply; facts: LogFacts; use?: TokenUse | undefined }

/** What stands under an address of the door. Does not throw. */
export type Endpoint = (request: DoorRequest) => Promise<Answered>
