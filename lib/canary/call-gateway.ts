import { Pool } from 'undici'
import { canaryParty } from '#db/schema/canary-runs.ts'

/** `elsewhere`: somebody answered, but not this process, or not as the gateway does. `gone`: nobody listens there. */
export type Verdict = 'accepted' | 'refused' | 'no-answer' | 'elsewhere' | 'gone'

export type GatewayCaller = {
  /** Asks whether a call with the token would be let in, and waits for `withinMs` at most. Does not throw. */
  call(tokenText: string, withinMs: number): Promise<Verdict>
  close(): Promise<void>
}

/** By which the gateway says which of its processes answers the canary. */
export const gatewayIdHeader = 'x-gateway-id'

const path = `/authorize?${new URLSearchParams({ store: canaryParty.storeId, api: canaryParty.api })}`

/** Calls one process of the gateway as a proxy does, on a connection that is kept. */
export function openGatewayCaller({ id, address }: { id: string; address: string }): GatewayCaller {
  const pool = new Pool(address, { connections: 1, pipelining: 1 })
  return {
    async call(tokenText, withinMs) {
      try {
        const { statusCode, headers, body } = await pool.request({
          ...{
            path,
            method: 'GET',
            headers: { authorization: `Bearer ${tokenText}`, 'user-agent': 'canary' },
          },
          signal: AbortSignal.timeout(withinMs),
        })
        await body.dump()
        if (statusCode >= 500) return 'no-answer'
        if (headers[gatewayIdHeader] !== id) return 'elsewhere'
        return statusCode === 200 ? 'accepted' : 'refused'
      } catch (error) {
        return isRefusedConnection(error) ? 'gone' : 'no-answer'
      }
    },
    close: () => pool.destroy(),
  }
}

/** An answer of the machine, not of a silence: no process has the port. */
function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
}
