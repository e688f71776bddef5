import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** An answer that is passed on as it comes. */
export type StreamedReply = {
  status: number
  /** Name, value, name, value …: checked, and without those that are between two neighbours only. */
  rawHeaders: string[]
  stream: Readable
  /** How long the caller may take nothing at all before the connection is ended. */
  patienceMs: number
  /** How long it may take in all, from its status on. */
  longestMs: number
}

const nothing = Buffer.alloc(0)

type StreamEnding = 'sent' | 'engine-broke-off' | 'caller-left' | 'took-too-long'

/**
 * Sends no faster than the caller takes, and holds no more than a buffer of it. Where the stream breaks off
 * the connection is destroyed: the caller must not take a part for the whole.
 */
export async function sendStream(
  response: ServerResponse,
  requestId: string,
  { status, rawHeaders, stream, patienceMs, longestMs }: StreamedReply,
): Promise<StreamEnding> {
  let brokeOff = false
  let tookTooLong = false
  stream.once('error', () => {
    brokeOff = !response.destroyed
    // To a caller of HTTP/1.0 an end without a reset may be the end of the answer.
    if (brokeOff) response.socket?.resetAndDestroy()
  })
  const clock = setTimeout(() => {
    tookTooLong = true
    stream.destroy(new Error('the answer took too long'))
  }, longestMs)
  response.setTimeout(patienceMs)
  response.writeHead(status, [...rawHeaders, 'X-Request-Id', requestId])
  // The caller learns the status although the body may take its time. `flushHeaders` would write it as UTF-8.
  response.write(nothing)
  try {
    await pipeline(stream, response)
    return 'sent'
  } catch {
    if (tookTooLong) return 'took-too-long'
    return brokeOff ? 'engine-broke-off' : 'caller-left'
  } finally {
    clearTimeout(clock)
  }
}
