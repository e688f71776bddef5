import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkoutFolder } from '#tools/checkout.ts'
import { drawShares } from './gateway/picture.ts'

/** Draws the newest `bench/results/door-<day>.json`, light and dark, for the documents that show it. `node bench/picture.ts` */

const newest = globSync(join(checkoutFolder, 'bench/results/door-*.json')).toSorted().at(-1)
if (!newest) throw new Error('There is no file of results: npm run bench:door writes one.')
const day = basename(newest, '.json').slice('door-'.length)
const folder = join(checkoutFolder, 'docs/pictures')
for (const theme of ['light', 'dark'] as const) {
  const file = join(folder, `door-${theme}.svg`)
  writeFileSync(file, drawShares(JSON.parse(readFileSync(newest, 'utf8')), day, theme))
  console.log(`Written to ${file}`)
}
