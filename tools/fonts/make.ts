import { copyFile, readFile, writeFile } from 'node:fs/promises'
import subsetFont from 'subset-font'

/**
 * Makes the font files of app/fonts from the Geist that an npm package brings: `npm run fonts`, after
 * `npm ci --prefix tools/fonts`. They hold what the pages use: these weights, features and
 * characters. Other scripts are written in a font of the system.
 */

const geist = new URL('./node_modules/geist/', import.meta.url)
const fonts = new URL('../../app/fonts/', import.meta.url)

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n)).join('')

const ascii = range(0x20, 0x7e)
/** Names of Europe in Latin letters, composed or not, and the marks that the pages write themselves. */
const latin = `${ascii}${range(0xa0, 0x17f)}ȘșȚțẞ${range(0x300, 0x30c)}${range(0x326, 0x328)}–—‘’‚“”„†•…‹›€™←↑→↓↗↕−×≤≥≈●✓`

const upright = ['kern', 'liga', 'calt', 'ccmp', 'locl', 'mark', 'mkmk', 'tnum', 'case']
const sans = { from: 'geist-sans/Geist-Variable.woff2', weights: { min: 400, max: 600 }, features: upright }

await make('sans.woff2', { ...sans, text: latin })
// For ids and addresses: no ligature makes one character of two.
await make('mono.woff2', {
  from: 'geist-mono/GeistMono-Variable.woff2',
  weights: 400,
  features: [],
  text: `${ascii}…·`,
})
await copyFile(new URL('LICENSE.txt', geist), new URL('OFL.txt', fonts))

type Subset = {
  from: string
  text: string
  weights: number | { min: number; max: number }
  features: string[]
}

async function make(name: string, { from, text, weights, features }: Subset) {
  const whole = await readFile(new URL(`dist/fonts/${from}`, geist))
  const subset = await subsetFont(whole, text, {
    targetFormat: 'woff2',
    variationAxes: { wght: weights },
    keepFeatures: features,
  })
  await writeFile(new URL(name, fonts), subset)
  console.log(`${name}: ${subset.length} of ${whole.length} bytes`)
}
