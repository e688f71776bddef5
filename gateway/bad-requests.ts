import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { errorContent } from './api-errors.ts'
import { headersOf } from './reply.ts'
import { responseDocument } from './xml/write.ts'

const statusLines: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers, in XML as well, what is not HTTP, has too much of a header or does not come to its end in time. */
export function answerBadRequests(server: Server, log: Logger) {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const requestId = randomUUID()
    const statusLine = statusLines[error.code ?? ''] ?? '400 Bad Request'
    const body = responseDocument(requestId, errorContent(10009))
    const reply = { status: 0, contentType: 'text/xml; charset=utf-8', body }
    const headers = { ...headersOf(requestId, reply), Connection: 'close' }
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${statusLine}\r\n${head.join('')}\r\n${body}`, () => socket.destroy())
    log.info({ requestId, outcome: 'refused', code: 10009, detail: error.code }, 'call')
  })
}
