const lengthName = 'content-length: '

/**
 * The bytes of the HTTP answer that `received` begins with; `undefined` where that is not known yet. Reads
 * Content-Length, in whatever case, and the end of a chunked answer: enough for one answer at a time.
 */
export function answerLength(received: Buffer): number | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.toString('latin1', 0, headEnd).toLowerCase()
  const at = head.indexOf(lengthName)
  if (at >= 0) return headEnd + 4 + Number.parseInt(head.slice(at + lengthName.length), 10)
  if (received.toString('latin1', received.length - 5) === '0\r\n\r\n') return received.length
  return undefined
}
