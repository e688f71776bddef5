import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { AnswersUnderWay } from '#lib/http/answers-under-way.ts'
import { errorContent } from '../store-api/api-errors.ts'
import { responseDocument } from '../store-api/xml/write.ts'
import type { OnAnswered } from './call-metrics.ts'
import type { LogFacts } from './endpoint.ts'
import { destroyUnlessTaken, headersOf } from './reply.ts'

const statusLines: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

type BadRequestTools = {
  log: Logger
  answers: AnswersUnderWay
  onAnswered?: OnAnswered | undefined
  /** Until the caller has taken the answer. */
  patienceMs: number
}

/**
 * Answers, in XML as well, what is not HTTP, has too much of a header or does not come to its end in time; and CONNECT, which
 * asks for a way to somebody else.
 */
export function answerBadRequests(server: Server, { log, answers, onAnswered, patienceMs }: BadRequestTools) {
  const refuse = (socket: Duplex, detail: string | undefined) => {
    const startedAt = performance.now()
    const address = 'remoteAddress' in socket ? socket.remoteAddress : undefined
    if (!socket.writable) {
      socket.destroy()
      return
    }
    if (answers.closeAfterwards(socket)) {
      log.debug({ address, detail }, 'broken behind another call')
      return
    }
    const requestId = randomUUID()
    const statusLine = statusLines[detail ?? ''] ?? '400 Bad Request'
    const body = responseDocument(requestId, errorContent(10009))
    const reply = { status: 0, contentType: 'text/xml; charset=utf-8', body }
    const headers = { ...headersOf(requestId, reply), Connection: 'close' }
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${statusLine}\r\n${head.join('')}\r\n${body}`, () => socket.destroy())
    destroyUnlessTaken(socket, socket, patienceMs)
    const facts: LogFacts = { route: 'none', outcome: 'refused', code: 10009, cause: 'missing', detail }
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100
    onAnswered?.(facts, durationMs)
    // The neighbour's address: no header was read, that a proxy could have named the caller in.
    log.info({ requestId, address, ...facts, status: Number(statusLine.slice(0, 3)), durationMs }, 'call')
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy()
    else refuse(socket, error.code)
  })
  // Without a listener Node closes the connection and says nothing. From here on it listens to no error of the socket.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    socket.resume()
    refuse(socket, 'connect')
  })
}
