import { fileURLToPath } from 'node:url'
import type { Browser } from '@playwright/test'
import { connect } from '#db/client.ts'
import { startProduct } from '#tools/test-product/product.ts'
import { buildWorld } from '../fixtures/world.ts'
import { failureStates, missingStandby, signIn } from './failure-states.ts'

/** The pictures of docs/failures.md, from a product of their own. */
export async function takeFailures(browser: Browser) {
  const product = await startProduct({ fill: 'nothing', settings: missingStandby })
  // Never waits for the standby that one of the failures takes away.
  const ownerUrl = `${product.ownerUrl}?options=-c%20synchronous_commit%3Doff`
  const owner = connect({ url: ownerUrl, applicationName: 'pictures', role: 'owner', maxConnections: 2 })
  // The database is stopped for one of them.
  owner.$client.on('error', () => {})
  for (const [name, { javaScriptEnabled = true, show, after }] of Object.entries(failureStates)) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled })
    const stage = { page: await context.newPage(), world: await buildWorld(owner), owner, product }
    await signIn(stage, context, stage.world.storeOwner)
    await show(stage)
    await stage.page.screenshot({
      path: fileURLToPath(new URL(`failures/${name}.png`, import.meta.url)),
      animations: 'disabled',
    })
    await after?.(stage)
    await context.close()
  }
  await owner.$client.end()
  await product.stop()
}
