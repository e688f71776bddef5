import type { IncomingHttpHeaders } from 'node:http'
import type { RefusalCause } from '#lib/tokens/model/policy.ts'
import type { UsedApi } from '#lib/verification/recorded-call.ts'
import type { Reply } from './reply.ts'
import type { StreamedReply } from './streamed-reply.ts'

/** A request as far as the gateway's server reads it. */
export type GatewayRequest = {
  method: string
  /** Path and query, as they came. */
  target: string
  /** Without the query. */
  path: string
  headers: IncomingHttpHeaders
  /** As they came: name, value, name, value … */
  rawHeaders: string[]
  httpVersion: string
  /** `undefined`: larger than is taken. */
  body: Buffer | undefined
  requestId: string
  /** Of the caller, as far as it can be believed; `undefined` once the connection is gone. */
  address: string | undefined
  /** How the caller came to the outermost proxy that is believed. */
  protocol: () => 'http' | 'https'
  /** That the caller named, as far as its proxies can be believed; of any shape. */
  host: () => string | undefined
  /** Calls `listener` once: when the answer has been sent, or as soon as the caller is gone. */
  whenClosed: (listener: () => void) => void
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

export type Answered = { reply: Reply | StreamedReply; facts: LogFacts; use?: TokenUse | undefined }

/** What stands under an address of the gateway. Does not throw. */
export type Endpoint = (request: GatewayRequest) => Promise<Answered>
