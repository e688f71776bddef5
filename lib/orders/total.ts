import type { OrderLine } from './find-order.ts'

/** What the lines cost together, in cents. */
export function totalCents(lines: OrderLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0)
}
