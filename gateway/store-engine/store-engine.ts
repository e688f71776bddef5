import type { Result } from '#lib/result.ts'
import type { KnownToken } from '#lib/tokens/model/policy.ts'
import type { GatewayRequest } from '../server/endpoint.ts'
import type { StreamedReply } from '../server/streamed-reply.ts'
import type { ApiErrorCode } from '../store-api/api-errors.ts'
import type { Envelope } from '../store-api/envelope.ts'
import type { Route } from '../store-api/routes.ts'
import type { Xml } from '../store-api/xml/write.ts'

/** A call that was let in: what was sent, what was read of it, and whose it was proven to be. */
export type StoreCall = {
  request: GatewayRequest & { body: Buffer }
  route: Route
  envelope: Envelope
  /** The token's text. It ends here: no engine hands it on. */
  tokenText: string
  token: KnownToken
}

/** Why an engine will not have a call; `detail` is for the log. */
export type EngineRefusal =
  | ApiErrorCode
  | { code: ApiErrorCode; detail: 'method' | TokenRemains | 'unsendable' }

/** The call's token stands where it cannot be cut out, and so the call goes nowhere. */
type TokenRemains = 'token-in-body' | 'token-in-head'

/**
 * What stands behind the gateway. Answers the content of the response, or a whole answer that is passed on as it
 * comes. Throws `EngineError` where the engine does not do its part.
 */
export type StoreEngine = {
  answer(call: StoreCall): Promise<Result<Xml[] | StreamedReply, EngineRefusal>>
}

export type EngineFailure =
  | 'engine-unreachable'
  | 'engine-timed-out'
  | 'engine-garbled'
  | 'engine-broke-off'
  | 'caller-left'

/** The engine gave no answer. What it was asked may have been done. */
export class EngineError extends Error {
  readonly failure: EngineFailure
  constructor(failure: EngineFailure, message: string = failure) {
    super(message)
    this.failure = failure
  }
}
