import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientAddress, type Trust } from '#lib/client-address.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type GateOptions = {
  /** Of every answer; proxy.ts puts the policy of a page in the place of the one in here. */
  headers: Record<string, string>
  /** Where people reach us; null in the demo: by whatever name they used. */
  ownOrigin: URL | null
  trust: Trust
  isReady: () => Promise<boolean>
  next: Handler
}

const methods = ['GET', 'HEAD', 'POST', 'OPTIONS']

/**
 * No form of ours comes near it. Next reads up to 1 MB of an action and 10 MB of anything else. A body of
 * unannounced length is not read at all: browsers announce it with every form, script and action.
 */
const maxBodyBytes = 512 * 1024

/**
 * What every request passes before Next sees it: gives every answer its security headers, answers the probes, and
 * replaces what clients say about themselves by what is known. Next code may believe `x-forwarded-*` from here on.
 */
export function createGate({ headers, ownOrigin, trust, isReady, next }: GateOptions): Handler {
  return async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)

    if (!methods.includes(request.method ?? '')) {
      response.setHeader('Allow', methods.join(', '))
      return answer(response, 405, 'Nothing here answers to that method')
    }
    if (!request.headers.host) return answer(response, 400, 'The request names no host')
    const path = request.url?.split('?', 1)[0] ?? ''
    if (!path.startsWith('/') || !isDecodable(path)) return answer(response, 400, 'The address is malformed')
    if (path === '/healthz') return answer(response, 200, 'ok')
    if (path === '/readyz') {
      return (await isReady()) ? answer(response, 200, 'ready') : answer(response, 503, 'not ready')
    }
    if (request.headers['transfer-encoding'] !== undefined) {
      response.setHeader('Connection', 'close')
      return answer(response, 411, 'A body needs its Content-Length')
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
      response.setHeader('Connection', 'close')
      return answer(response, 413, 'The request is too large')
    }

    const address = clientAddress(request, trust)
    const forwarded = {
      'x-forwarded-for': address,
      'x-forwarded-host': ownOrigin?.host ?? request.headers.host ?? 'localhost',
      'x-forwarded-proto': ownOrigin?.protocol.slice(0, -1) ?? 'http',
      'x-forwarded-port': undefined,
      forwarded: undefined,
    }
    for (const [name, value] of Object.entries(forwarded)) {
      if (value === undefined) delete request.headers[name]
      else request.headers[name] = value
    }
    await next(request, response)
  }
}

/** Next answers what cannot be decoded as if it were our failure. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${text}\n`)
}
