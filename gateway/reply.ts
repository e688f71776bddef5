import type { IncomingMessage, ServerResponse } from 'node:http'

export type Reply = {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string>
}

/** What every answer of the door carries besides its own. */
export function headersOf(requestId: string, reply: Reply): Record<string, string | number> {
  return {
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    ...reply.headers,
  }
}

export function send(response: ServerResponse, requestId: string, reply: Reply) {
  response.writeHead(reply.status, headersOf(requestId, reply))
  response.end(reply.body)
}

const lingerMs = 500
const lingerBytes = 262_144

/**
 * Answers a request whose body is not wanted, and ends the connection. What the caller is still sending is
 * thrown away for a moment: a connection closed at once is reset, and the answer is lost on its way.
 */
export function sendAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  reply: Reply,
) {
  response.writeHead(reply.status, { ...headersOf(requestId, reply), Connection: 'close' })
  response.write(reply.body)
  let left = lingerBytes
  const close = () => {
    clearTimeout(timer)
    request.off('data', discard)
    response.end()
  }
  const discard = (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) close()
  }
  const timer = setTimeout(close, lingerMs)
  request
    .on('data', discard)
    .on('end', close)
    .on('close', close)
    .on('error', () => {})
  request.resume()
}
