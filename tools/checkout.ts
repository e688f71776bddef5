import { fileURLToPath } from 'node:url'

/** The folder of this checkout, and what it keeps for itself (never in git). */
export const checkoutFolder = fileURLToPath(new URL('..', import.meta.url))
export const dataFolder = fileURLToPath(new URL('../.data', import.meta.url))
