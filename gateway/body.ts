import type { IncomingMessage } from 'node:http'
import { ok, type Result, refuse } from '#lib/result.ts'

/** `too-large`: the rest is not read. `aborted`: the caller has gone; there is nobody to answer. */
export type BodyRefusal = 'too-large' | 'aborted'

/** The whole body of a request, `maxBytes` at most. */
export function readBody(
  request: IncomingMessage,
  { maxBytes }: { maxBytes: number },
): Promise<Result<Buffer, BodyRefusal>> {
  if (announcesMoreThan(maxBytes, request)) return Promise.resolve(refuse('too-large'))
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
