import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { endUnread } from '#lib/http/end-unread.ts'

export type Reply = {
  status: number
  contentType: string
  body: string
  headers?: Record<string, string> | undefined
}

/** What every answer of the gateway carries besides its own. */
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

/** @param patienceMs until the caller has taken it; then the connection is destroyed. */
export function send(response: ServerResponse, requestId: string, reply: Reply, patienceMs: number) {
  const headers = headersOf(requestId, reply)
  response.writeHead(reply.status, headers)
  // As many bytes as characters: nothing but ASCII, which is written as it is.
  response.end(reply.body, headers['Content-Length'] === reply.body.length ? 'latin1' : 'utf8')
  destroyUnlessTaken(response.socket, response, patienceMs)
}

/**
 * What a caller does not read would stay, and with it the place of their call. One clock for the whole rest: to
 * take a byte now and then wins no time.
 */
export function destroyUnlessTaken(
  socket: Duplex | null,
  answer: ServerResponse | Duplex,
  patienceMs: number,
) {
  // Nearly always all of it has been handed to the system by now.
  if (!socket || socket.writableLength === 0) return
  const clock = setTimeout(() => socket.destroy(), patienceMs)
  answer.once('close', () => clearTimeout(clock))
}

const lingerMs = 500
const lingerBytes = 262_144

type LastReply = {
  request: IncomingMessage
  response: ServerResponse
  requestId: string
  reply: Reply
  patienceMs: number
}

/** Answers a request whose body is not wanted, and ends the connection. */
export function sendAndClose({ request, response, requestId, reply, patienceMs }: LastReply) {
  response.writeHead(reply.status, { ...headersOf(requestId, reply), Connection: 'close' })
  response.write(reply.body)
  const afterwards = () => destroyUnlessTaken(response.socket, response, patienceMs)
  endUnread({ request, response, lingerMs, lingerBytes, afterwards })
}
