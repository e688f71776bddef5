/** The Select checkboxes of tokens within `part` of a page, in the order of the page. */
export function boxesIn(part: Element | null): HTMLInputElement[] {
  return part ? [...part.querySelectorAll<HTMLInputElement>('input[name=tokenId]')] : []
}

export const idsOf = (boxes: readonly HTMLInputElement[]) => boxes.map(({ value }) => value)

/** Ticks the boxes of these tokens and no other; those that tick others are half ticked where only some are. */
export function showTicks(rows: Element | null, tokenIds: readonly string[]): void {
  for (const box of boxesIn(rows)) box.checked = tokenIds.includes(box.value)
  for (const box of rows?.querySelectorAll<HTMLInputElement>('[data-ticks]') ?? []) {
    const boxes = boxesIn(box.closest(box.dataset.ticks === 'page' ? 'table' : 'tbody'))
    const count = boxes.filter(({ checked }) => checked).length
    box.checked = count > 0 && count === boxes.length
    box.indeterminate = count > 0 && count < boxes.length
  }
}

/**
 * Takes the rows of these tokens out of sight, and the heading of a group of which less than two are left.
 * @returns what was hidden.
 */
export function hideRowsOf(tokenIds: readonly string[]): HTMLElement[] {
  const rows = boxesIn(document.body).flatMap((box) =>
    tokenIds.includes(box.value) ? (box.closest('tr') ?? []) : [],
  )
  for (const row of rows) row.hidden = true
  const headings = rows.flatMap((row) => {
    const group = row.parentElement
    const left = boxesIn(group).filter((box) => !box.closest('tr')?.hidden)
    return left.length < 2 ? (group?.querySelector<HTMLElement>('tr.of') ?? []) : []
  })
  for (const heading of headings) heading.hidden = true
  return [...rows, ...headings]
}
