import { chromium } from '@playwright/test'
import { chromiumLaunch } from '#tools/chromium/chromium.ts'
import { startProduct } from '#tools/test-product/product.ts'
import { takeDocuments } from './documents.ts'
import { takeFailures } from './failures.ts'
import { takeSheets } from './sheets.ts'

/**
 * Takes all pictures of README.md, docs and Help from products of its own: `npm run pictures`, after `npm run build`. It takes about half an
 * hour on a busy machine. `-- documents`, `-- states`, `-- sheets` and `-- failures` take one kind.
 */
const kinds = ['documents', 'states', 'sheets', 'failures']
const named = process.argv.slice(2)
const unknown = named.filter((kind) => !kinds.includes(kind))
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(', ')}: name ${kinds.join(', ')}, or none for all.`)
const wanted = new Set(named.length > 0 ? named : kinds)

const browser = await chromium.launch(await chromiumLaunch())
try {
  if (['documents', 'states', 'sheets'].some((kind) => wanted.has(kind))) {
    const product = await startProduct({ fill: 'demo' })
    try {
      if (wanted.has('documents')) await takeDocuments(browser, product)
      // Stops the database for its last pages.
      await takeSheets(browser, product, [
        ...(wanted.has('states') ? (['states'] as const) : []),
        ...(wanted.has('sheets') ? (['sheet'] as const) : []),
      ])
    } finally {
      await product.stop()
    }
  }
  if (wanted.has('failures')) await takeFailures(browser)
} finally {
  await browser.close()
}
