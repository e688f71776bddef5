import { get, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { DomUtils, parseDocument } from 'htmlparser2'
import { expect } from 'vitest'
import { type Scene, test } from '../everyone/callers.ts'

/** What a browser loads for a page before it can be used, in bytes as they are sent. `npm run bench:weight` measures it in one. */
const limits = { scripts: 140_000, all: 220_000, requests: 14 }

/** On top of a script: all its functions are compiled while it arrives. */
const compileHint = '//# allFunctionsCalledOnLoad\n'

const pages: Record<string, (scene: Scene) => string> = {
  'the sign-in': () => '/sign-in',
  'API Settings': ({ world }) => world.apiSettings,
  'Manage Partner Tokens': ({ world }) => world.partnerTokens,
}

for (const [name, path] of Object.entries(pages)) {
  test(`${name} is light for a browser that was never here`, async ({ scene, product }) => {
    const caller = name === 'Manage Partner Tokens' ? 'the right partner' : 'the right merchant'
    const cookie = name === 'the sign-in' ? '' : scene.cookieOf[caller]
    const sent = (address: string) => bytesOf(new URL(address, product.webUrl), cookie)
    const page = await sent(path(scene))
    const { scripts, styles } = filesOf(page.text)
    // Said in a header of the page. Other fonts are loaded where a page has such characters.
    const fonts = [...`${page.headers.link}`.matchAll(/<([^>]+)>; rel=preload; as="font"/g)].map(
      ([, font = '']) => font,
    )
    expect(fonts).toHaveLength(1)
    const loaded = await Promise.all(scripts.map(sent))
    const bytesIn = (files: { bytes: number }[]) => files.reduce((all, { bytes }) => all + bytes, 0)
    const ofScripts = bytesIn(loaded)
    // React and the router.
    const large = loaded.filter(({ text }) => text.length > 100_000)
    expect(large.map(({ text }) => text.slice(0, compileHint.length))).toEqual([compileHint, compileHint])
    expect(loaded.filter(({ text }) => text.includes('trimStart'))).toEqual([])
    expect(scripts.length).toBeGreaterThan(3)
    expect(ofScripts).toBeLessThan(limits.scripts)
    const others = await Promise.all([...styles, ...fonts].map(sent))
    expect(page.bytes + ofScripts + bytesIn(others)).toBeLessThan(limits.all)
    expect(1 + scripts.length + styles.length + fonts.length).toBeLessThanOrEqual(limits.requests)
  })
}

/** The addresses that a page has its browser load at once. What is for browsers without modules is not for one of today. */
function filesOf(html: string) {
  const elements = DomUtils.getElementsByTagName(
    (name) => name === 'script' || name === 'link',
    parseDocument(html),
  )
  const valuesOf = (attribute: string, where: (attributes: Record<string, string>) => boolean) => [
    ...new Set(
      elements.flatMap(({ attribs }) => (attribs[attribute] && where(attribs) ? attribs[attribute] : [])),
    ),
  ]
  return {
    scripts: valuesOf('src', ({ nomodule }) => nomodule === undefined),
    styles: valuesOf('href', ({ rel }) => rel === 'stylesheet'),
  }
}

/** `fetch` unpacks what it gets, and does not say how long it was. */
function bytesOf(
  url: URL,
  cookie: string,
): Promise<{ bytes: number; text: string; headers: IncomingHttpHeaders }> {
  const headers = { 'accept-encoding': 'gzip, deflate, br', cookie }
  return new Promise((resolve, reject) => {
    get(url, { headers }, async (response) => {
      const sent = await buffer(response)
      expect(response.statusCode, url.pathname).toBe(200)
      const unpack = { gzip: gunzipSync, br: brotliDecompressSync, none: (same: Buffer) => same }
      const packed = (response.headers['content-encoding'] ?? 'none') as keyof typeof unpack
      resolve({ bytes: sent.length, text: unpack[packed](sent).toString(), headers: response.headers })
    }).on('error', reject)
  })
}
