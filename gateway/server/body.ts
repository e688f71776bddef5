import type { IncomingMessage } from 'node:http'
import { ok, type Result, refuse } from '#lib/result.ts'

/** `too-large`: the rest is not read. `aborted`: the caller has gone; there is nobody to answer. */
type BodyRefusal = 'too-large' | 'aborted'

const none = Buffer.alloc(0)

/** The whole body of a request, `maxBytes` at most. */
export async function readBody(
  request: IncomingMessage,
  { maxBytes }: { maxBytes: number },
): Promise<Result<Buffer, BodyRefusal>> {
  if (announcesMoreThan(maxBytes, request)) return refuse('too-large')
  // A short body comes in one piece with the head, and is there once that piece has been parsed.
  await undefined
  const announced = request.headers['content-length']
  if (announced === undefined || Number(announced) !== request.readableLength) {
    return collectBody(request, maxBytes)
  }
  const body: Buffer | null = request.read()
  // Its end has to be read as well, or the request is never closed.
  request.resume()
  return ok(body ?? none)
}

function collectBody(request: IncomingMessage, maxBytes: number): Promise<Result<Buffer, BodyRefusal>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const settle = (result: Result<Buffer, BodyRefusal>) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      resolve(result)
    }
    const onData = (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) {
        request.pause()
        settle(refuse('too-large'))
      } else chunks.push(chunk)
    }
    const onEnd = () => settle(ok(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    const onClose = () => settle(refuse('aborted'))
    request.on('data', onData).on('end', onEnd).on('close', onClose)
    // Without a listener a reset of the connection would end the process; 'close' follows it.
    request.on('error', () => {})
  })
}

export function announcesMoreThan(maxBytes: number, request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > maxBytes
}
