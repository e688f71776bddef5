import type { GatewayProcess } from './gateway-process.ts'
import { type Caller, type createCallObserver, openCaller, type PresentedToken } from './observed-calls.ts'

/** A process of the gateway, with callers of its own: for calls that prove something, and for those that keep it busy. */
export type Gateway = GatewayProcess & { checks: Caller; load: Caller }

const checkConnections = 16

export function openGateways(
  processes: GatewayProcess[],
  { loadPerGateway, observer }: { loadPerGateway: number; observer: ReturnType<typeof createCallObserver> },
): Gateway[] {
  return processes.map((gateway) => ({
    ...gateway,
    checks: openCaller(gateway, { connections: checkConnections, observer }),
    load: openCaller(gateway, { connections: loadPerGateway, observer }),
  }))
}

/** Calls without a pause, with tokens of all kinds, and how long each of them took. */
export function startLoad(
  gateways: Gateway[],
  { tokens, perGateway }: { tokens: PresentedToken[]; perGateway: number },
) {
  const unavailableMs: number[] = []
  const answeredMs: number[] = []
  let isRunning = true
  const callUntilStopped = async ({ load }: Gateway, offset: number) => {
    for (let turn = offset; isRunning; turn++) {
      const token = tokens[(turn * 7_919) % tokens.length] as PresentedToken
      const from = performance.now()
      const verdict = await load.call(token, turn % 2 === 0 ? 'xml' : 'introspection')
      const times = verdict === 'unavailable' ? unavailableMs : answeredMs
      times.push(performance.now() - from)
    }
  }
  const ended = Promise.all(
    gateways.flatMap((gateway) =>
      Array.from({ length: perGateway }, (_, n) => callUntilStopped(gateway, n * 31)),
    ),
  )
  ended.catch(() => {})
  return {
    async stop() {
      isRunning = false
      await ended
      return { unavailableMs, answeredMs }
    },
  }
}

/** How long it takes until the gateway accepts a live token. */
export async function recoveryOf({ name, checks }: Gateway, live: PresentedToken[]): Promise<number> {
  const from = performance.now()
  const [token] = live
  while (token && (await checks.call(token, 'introspection')) !== 'accepted') {
    if (performance.now() - from > 30_000) throw new Error(`${name} did not recover.`)
  }
  return performance.now() - from
}

/** Asks again while it does not know. */
export async function insistOnRefusal({ name, checks }: Gateway, token: PresentedToken) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await checks.call(token, 'introspection')) !== 'unavailable') return
  }
  throw new Error(`${name} could not tell whether a token is revoked.`)
}
