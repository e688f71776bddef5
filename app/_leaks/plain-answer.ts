/** One line of text, or none. */
export function plainAnswer(
  status: number,
  line: string | null,
  headers: Record<string, string> = {},
): Response {
  return new Response(line === null ? null : `${line}\n`, {
    status,
    headers: {
      ...(line !== null && { 'Content-Type': 'text/plain; charset=utf-8' }),
      'Cache-Control': 'no-store',
      ...headers,
    },
  })
}

/** Undefined: it is no JSON. */
export function readJsonBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
