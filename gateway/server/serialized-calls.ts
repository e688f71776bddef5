import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** How many calls of a connection may wait before no more of it is read: while it is read, one sees its end. */
const mayWait = 8

/**
 * Lets each connection have one call under way, and no more than one begun in a turn of the event loop: who
 * sends many without waiting for answers takes no more than their share, of memory neither. Where they go, what
 * waits goes too.
 */
export function serializePerConnection() {
  const waiting = new WeakMap<Socket, number>()

  function stayPaused(this: Socket) {
    if ((waiting.get(this) ?? 0) <= mayWait) return
    // Paused while its resumption was on the way, it is read all the same, and pausing it again does nothing:
    // resumed, it says so once more, and can be paused then.
    if (this.isPaused()) this.resume()
    else this.pause()
  }

  function enter(socket: Socket) {
    const count = waiting.get(socket)
    // Node resumes a connection whenever a request on it has come to its end, or its body is read.
    if (count === undefined) socket.on('resume', stayPaused)
    waiting.set(socket, (count ?? 0) + 1)
    if ((count ?? 0) >= mayWait) socket.pause()
  }

  function leave(socket: Socket) {
    const left = (waiting.get(socket) ?? 0) - 1
    waiting.set(socket, left)
    if (left === mayWait) socket.resume()
  }

  return function serialized(request: IncomingMessage, response: ServerResponse, answer: Answer) {
    // Node gives an answer its connection once those before it have been sent.
    if (response.socket) return answer(request, response)
    const { socket } = request
    enter(socket)
    response.once('socket', () => {
      setImmediate(() => {
        if (socket.destroyed) return
        leave(socket)
        answer(request, response)
      })
    })
  }
}
