import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { valuesOf } from './header-values.ts'

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
export function sendStream(
  response: ServerResponse,
  requestId: string,
  reply: StreamedReply,
): Promise<StreamEnding> {
  const { status, rawHeaders, patienceMs } = reply
  response.setTimeout(patienceMs)
  response.writeHead(status, [...rawHeaders, 'X-Request-Id', requestId])
  return isAllThere(reply) ? sendWhole(response, reply) : sendAsItComes(response, reply)
}

/** Nearly every answer comes in one piece with its head: what such a one announces is in the stream's buffer by now. */
function isAllThere({ rawHeaders, stream }: StreamedReply): boolean {
  const [announced, ...others] = valuesOf(rawHeaders, 'content-length')
  return others.length === 0 && stream.readableLength > 0 && announced === String(stream.readableLength)
}

/** In one write: a pipeline costs more than all the rest of a forwarded call. */
function sendWhole(response: ServerResponse, { stream, longestMs }: StreamedReply): Promise<StreamEnding> {
  return new Promise((resolve) => {
    // All of it is here: what becomes of its connection now is nothing to the caller.
    stream.on('error', () => {})
    response.once('finish', () => resolve('sent')).once('close', () => resolve('caller-left'))
    // Byte by byte as a text, which Node writes together with the head.
    response.end((stream.read() as Buffer).toString('latin1'), 'latin1')
    // Its end has to be read as well.
    stream.resume()
    // Nearly always all of it has been handed to the system by now.
    if (!response.socket || response.socket.writableLength === 0) return
    const clock = setTimeout(() => {
      resolve('took-too-long')
      response.destroy()
    }, longestMs)
    response.once('close', () => clearTimeout(clock))
  })
}

async function sendAsItComes(
  response: ServerResponse,
  { stream, longestMs }: StreamedReply,
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
  // The caller learns the status although the body may take its time. `flushHeaders` would write it as UTF-8.
  if (stream.readableLength === 0) response.write(nothing)
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
