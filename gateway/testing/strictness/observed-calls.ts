import { Pool } from 'undici'
import { codeIn, envelopeOf, introspectionClient } from '../gateway.ts'

export type PresentedToken = { id: string; text: string; storeId: string; partnerId: string }

/** `accepted`: let in, whatever became of the call then. `unavailable`: refused because nothing is known. */
export type Verdict = 'accepted' | 'refused' | 'unavailable'
export type Way = 'xml' | 'introspection'

/** A call that was sent after the token's revocation had been confirmed, and was let in. */
export type Violation = {
  gateway: string
  way: Way
  tokenId: string
  /** From the confirmation to the sending of the call. */
  sentAfterMs: number
}

export type CallCounts = Record<Verdict, number>

/** Every call of a run goes through here, and whether it may be accepted is judged by when it was sent. */
export type CallObserver = {
  /** From now on every call with these tokens must be refused. */
  confirmRevoked(tokens: PresentedToken[]): void
  violations: Violation[]
  /** Calls with tokens whose revocation was confirmed before the call was sent. */
  afterConfirmation: CallCounts
  /** All others. */
  before: CallCounts
}

export function createCallObserver(): CallObserver & {
  judge: (sent: SentCall, verdict: Verdict) => void
  confirmedAt: (token: PresentedToken) => number | undefined
} {
  const confirmed = new Map<string, number>()
  const violations: Violation[] = []
  const afterConfirmation = noCalls()
  const before = noCalls()
  return {
    violations,
    afterConfirmation,
    before,
    confirmRevoked(tokens) {
      const at = performance.now()
      for (const { id } of tokens) confirmed.set(id, at)
    },
    confirmedAt: ({ id }) => confirmed.get(id),
    judge({ gateway, way, token, sentAt, confirmedAt }, verdict) {
      if (confirmedAt === undefined) {
        before[verdict]++
        return
      }
      afterConfirmation[verdict]++
      if (verdict === 'accepted') {
        violations.push({ gateway, way, tokenId: token.id, sentAfterMs: sentAt - confirmedAt })
      }
    },
  }
}

const noCalls = (): CallCounts => ({ accepted: 0, refused: 0, unavailable: 0 })

type SentCall = {
  gateway: string
  way: Way
  token: PresentedToken
  sentAt: number
  /** As it was known when the call was sent. */
  confirmedAt: number | undefined
}

export type Caller = {
  /** Sends one call; waits where all connections are in use. */
  call(token: PresentedToken, way: Way): Promise<Verdict>
  close(): Promise<void>
}

/** Calls of one gateway, on a bounded number of connections that are kept. */
export function openCaller(
  gateway: { name: string; url: string },
  { connections, observer }: { connections: number; observer: ReturnType<typeof createCallObserver> },
): Caller {
  const pool = new Pool(gateway.url, {
    connections,
    pipelining: 1,
    headersTimeout: 20_000,
    bodyTimeout: 20_000,
  })
  return {
    async call(token, way) {
      const sent = {
        gateway: gateway.name,
        way,
        token,
        sentAt: performance.now(),
        confirmedAt: observer.confirmedAt(token),
      }
      const { statusCode, body } = await pool.request(requests[way](token))
      const verdict = verdicts[way]({ status: statusCode, body: await body.text() })
      observer.judge(sent, verdict)
      return verdict
    },
    close: () => pool.destroy(),
  }
}

const basic = Buffer.from(`${introspectionClient.id}:${introspectionClient.secret}`).toString('base64')

const requests = {
  xml: ({ text, storeId }: PresentedToken) => ({
    path: '/V1/order',
    method: 'POST' as const,
    body: envelopeOf({ storeId, token: text }),
  }),
  introspection: ({ text }: PresentedToken) => ({
    path: '/introspect',
    method: 'POST' as const,
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` },
    body: `token=${text}`,
  }),
}

type PlainAnswer = { status: number; body: string }

const verdicts: Record<Way, (answer: PlainAnswer) => Verdict> = {
  xml(answer) {
    if (answer.status === 200) return 'accepted'
    if (answer.status >= 500) return 'unavailable'
    // Whoever gets another error than this one was let in before it.
    if (answer.status === 400) return codeIn({ ...answer, headers: {} }) === 10009 ? 'refused' : 'accepted'
    throw new Error(`The gateway answered ${answer.status}: ${answer.body}`)
  },
  introspection({ status, body }) {
    if (status === 503) return 'unavailable'
    if (status === 200) return JSON.parse(body).active === false ? 'refused' : 'accepted'
    throw new Error(`The gateway answered ${status}: ${body}`)
  },
}
