import type { IncomingMessage, ServerResponse } from 'node:http'

type Unread = {
  request: IncomingMessage
  /** Its whole body is written. */
  response: ServerResponse
  /** So long, and so many bytes of the request, are waited for. */
  lingerMs: number
  lingerBytes: number
  afterwards?: () => void
}

/**
 * Ends the answer to a request whose body is not wanted, and with it the connection. What the sender is still sending is thrown away for a moment: a
 * connection closed at once is reset, and the answer is lost on its way.
 */
export function endUnread({ request, response, lingerMs, lingerBytes, afterwards = () => {} }: Unread) {
  let left = lingerBytes
  const close = () => {
    clearTimeout(timer)
    request.off('data', discard)
    response.end()
    afterwards()
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
