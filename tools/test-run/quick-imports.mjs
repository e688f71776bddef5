import { registerHooks } from 'node:module'

// For processes that tests start: `node --import`. Node reads a package's whole package.json at each import within it,
// and drizzle-orm's has 180 kB: that is most of what a start costs. The same files are found without it.
const folder = '/node_modules/drizzle-orm/'
/** @type {Map<string, import('node:module').ResolveFnOutput>} */
const found = new Map()

registerHooks({
  resolve(specifier, context, next) {
    if (!context.conditions.includes('import')) return next(specifier, context)
    if (specifier.startsWith('.') && context.parentURL?.includes(folder))
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    if (!specifier.startsWith('drizzle-orm')) return next(specifier, context)
    const answer = found.get(specifier) ?? next(specifier, context)
    found.set(specifier, answer)
    return { ...answer, shortCircuit: true }
  },
})
