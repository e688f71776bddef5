/** PostgreSQL's `integer`: no order has a higher number. */
export const maxOrderNumber = 2_147_483_647

export function isOrderNumber(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= maxOrderNumber
}
