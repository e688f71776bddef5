/** Of our own pages the browser says `same-origin`; `none` where somebody typed the address, and older ones say nothing. */
export function isLedHere({ headers }: Request): boolean {
  return ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '')
}

export const fromElsewhere =
  'A page of another site led here. Open the page that has it, and download it there'

export function redirectTo(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' } })
}

/** A page of one sentence: whoever followed the link sees why there is no file. */
export function sentence(status: number, text: string, back: string): Response {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(status === 429 || status === 503 ? { 'Retry-After': '60' } : {}),
  }
  const page = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark"><title>No download · Partner Tokens</title></head><body><main>',
    `<h1>No download</h1><p>${text}.</p>`,
    status === 404 ? '' : `<p><a href="${escaped(back)}">Back to its page</a></p>`,
    '</main></body></html>',
  ]
  return new Response(page.join(''), { status, headers })
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
