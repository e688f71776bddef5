import { createHash } from 'node:crypto'

/** JSON with a mark by which a program asks again only for what has changed. */
export function jsonWithTag(request: Request, text: string, headers: Record<string, string>): Response {
  const tag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
  const tagged = { ...headers, ETag: tag }
  const known = request.headers.get('if-none-match')
  if (known?.split(',').some((one) => [tag, tag.slice(2), '*'].includes(one.trim())))
    return new Response(null, { status: 304, headers: tagged })
  return new Response(text, { headers: { ...tagged, 'Content-Type': 'application/json' } })
}
