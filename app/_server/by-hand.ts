import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { AnswersUnderWay } from '#lib/http/answers-under-way.ts'

type ByHand = {
  /** Of every answer. */
  headers: Record<string, string>
  answers: AnswersUnderWay
  log: Pick<Logger, 'info'>
  /** What the gate answers to. */
  methods: readonly string[]
}

const statusLines: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** What is no HTTP never becomes a request, nor does CONNECT: the answer is written by hand, and the connection closed. */
export function answerByHand(server: Server, { headers, answers, log, methods }: ByHand): void {
  const refuse = (socket: Duplex, status: string, { text = '', ...more }: Record<string, string> = {}) => {
    if (!socket.writable) {
      socket.destroy()
      return
    }
    if (answers.closeAfterwards(socket)) return
    const all = { ...headers, ...more, Connection: 'close', 'Content-Length': `${Buffer.byteLength(text)}` }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${text}`)
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuse(socket, statusLines[error.code ?? ''] ?? '400 Bad Request')
  })
  // Without a listener Node closes the connection and says nothing. From here on it listens to no error of the socket.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    socket.resume()
    const text = 'Nothing here answers to that method'
    log.info({ status: 405, method: 'CONNECT' }, `refused: ${text}`)
    const more = {
      Allow: methods.join(', '),
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    }
    refuse(socket, '405 Method Not Allowed', { ...more, text: `${text}\n` })
  })
}
