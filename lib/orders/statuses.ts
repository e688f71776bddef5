/** The system's own statuses by their ID, as the guide of 2013 numbers them; a status of the merchant's has only its words. */
const statuses: readonly { id: number; status: string; settable: 'directly' | 'by-shipping' }[] = [
  { id: 0, status: 'OK', settable: 'directly' },
  { id: 1, status: 'Fraudulent', settable: 'directly' },
  { id: 2, status: 'Cancelled', settable: 'directly' },
  { id: 3, status: 'Returned', settable: 'directly' },
  { id: 4, status: 'On Hold', settable: 'directly' },
  { id: 5, status: 'Pending Review', settable: 'directly' },
  { id: 6, status: 'Partially Shipped', settable: 'by-shipping' },
  { id: 7, status: 'Shipped', settable: 'by-shipping' },
  { id: 7, status: 'Fully Shipped', settable: 'by-shipping' },
  { id: 8, status: 'Tracked', settable: 'by-shipping' },
]

const idOfStatus: ReadonlyMap<string, number> = new Map(statuses.map(({ status, id }) => [status, id]))

const settableStatuses: ReadonlyMap<number, string> = new Map(
  statuses.filter(({ settable }) => settable === 'directly').map(({ id, status }) => [id, status]),
)

/** `undefined` for a status of the merchant's own. */
export function statusIdOf(status: string): number | undefined {
  return idOfStatus.get(status)
}

/** 0 to 5. What shipping an order brings about (6 to 8) cannot be said directly, says the guide: `undefined`. */
export function settableStatus(statusId: number): string | undefined {
  return settableStatuses.get(statusId)
}
