import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type ReceivedWebhook = { id: string; body: string; headers: IncomingHttpHeaders }
type Judgement =
  | {
      status: number
      body?: string
      headers?: Record<string, string>
      /** What becomes of an answer after its `body`. */
      then?: 'goes on for ever' | 'breaks off'
    }
  | 'never'

/** A receiver of webhooks on loopback, for tests: keeps what came in and answers as it is asked to. */
export async function startTestReceiver() {
  const received: ReceivedWebhook[] = []
  let judge: (webhook: ReceivedWebhook) => Judgement = () => ({ status: 204 })
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const webhook = {
      id: String(request.headers['webhook-id']),
      body: Buffer.concat(parts).toString('utf8'),
      headers: request.headers,
    }
    received.push(webhook)
    const judgement = judge(webhook)
    if (judgement === 'never') return
    response.writeHead(judgement.status, judgement.headers)
    if (judgement.then) response.write(judgement.body)
    else response.end(judgement.body)
    if (judgement.then === 'breaks off') response.socket?.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    received,
    judgeBy(next: typeof judge) {
      judge = next
    },
    /** What the library of Standard Webhooks says to it: the payload, or it throws. */
    verify: (secret: string, { body, headers }: ReceivedWebhook) =>
      new Webhook(secret).verify(body, headers as Record<string, string>),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
