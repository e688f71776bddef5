import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The answers of each connection that are not sent yet, in their order. */
export type AnswersUnderWay = {
  note(request: IncomingMessage, response: ServerResponse): void
  /**
   * For a connection on which something came that is no HTTP: what was asked before is answered, then it is closed. False
   * where nothing was asked before, or not to its end: then it is for the caller to answer.
   */
  closeAfterwards(socket: Duplex): boolean
}

/** Written at once, a refusal would be taken for a part of the answer that is under way, or for the whole. */
export function createAnswersUnderWay(): AnswersUnderWay {
  const underWay = new WeakMap<Duplex, ServerResponse[]>()
  const closing = new WeakSet<Duplex>()
  return {
    note({ socket }, response) {
      const answers = underWay.get(socket) ?? []
      answers.push(response)
      underWay.set(socket, answers)
      response.once('close', () => answers.splice(answers.indexOf(response), 1))
    },
    closeAfterwards(socket) {
      // It is said again for all that comes behind, which is thrown away.
      if (closing.has(socket)) return true
      const last = underWay.get(socket)?.findLast(({ req, headersSent }) => req.complete || headersSent)
      if (!last) return false
      closing.add(socket)
      if (!last.headersSent) last.setHeader('Connection', 'close')
      last.once('finish', () => socket.end())
      return true
    },
  }
}
