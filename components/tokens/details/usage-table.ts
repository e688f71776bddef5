/** How tables of numbers on a token's page look. */
export const numbers = 'w-full text-left text-sm tabular-nums'
export const numbersHead = '*:border-b *:border-line *:py-1 *:pr-3 *:font-medium *:last:pr-0'
export const numbersRow = 'border-b border-line last:border-0 *:py-1 *:pr-3 *:last:pr-0'
