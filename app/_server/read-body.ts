import type { IncomingMessage } from 'node:http'

/**
 * The whole body, which has to be announced and not too long; undefined where the sender broke off. `keep` leaves it where
 * the next reader finds it.
 */
export async function readBody(request: IncomingMessage, what: 'keep' | 'take'): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let left = Number(request.headers['content-length'] ?? 0)
  while (left > 0) {
    const chunk: Buffer | null = request.read()
    if (chunk) {
      chunks.push(chunk)
      left -= chunk.length
    } else if (request.destroyed || request.readableEnded) return undefined
    else await nextPart(request)
  }
  const body = Buffer.concat(chunks)
  if (what === 'keep' && body.length > 0) request.unshift(body)
  return body
}

function nextPart(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      request.off('readable', settle).off('close', settle).off('error', settle)
      resolve()
    }
    request.on('readable', settle).on('close', settle).on('error', settle)
  })
}
