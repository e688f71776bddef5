import type { TestProject } from 'vitest/node'
import { isProductShared, type Product, sharedProduct, startProduct } from '#tools/test-product/product.ts'

declare module 'vitest' {
  interface ProvidedContext {
    product: Product
  }
}

/** The one product that all of these tests ask: that of the whole run, or else one of their own. */
export default async function findProduct(project: TestProject) {
  if (isProductShared()) {
    project.provide('product', sharedProduct())
    return
  }
  const { webUrl, gatewayUrl, ownerUrl, appUrl, secret, mailFolder, stop } = await startProduct({
    fill: 'demo',
  })
  project.provide('product', { webUrl, gatewayUrl, ownerUrl, appUrl, secret, mailFolder })
  return stop
}
