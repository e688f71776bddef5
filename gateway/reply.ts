import type { IncomingMessage, ServerResponse } from 'node:http'

export type Reply = {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string> | undefined
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
  const headers = headersOf(requestId, reply)
  response.writeHead(reply.status, headers)
  // As many bytes as characters: nothing but ASCII, which is written as it is.
  response.end(reply.body, headers['Content-Length'] === reply.body.length ? 'latin1' : 'utf8')
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
