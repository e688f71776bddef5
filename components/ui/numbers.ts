const digits = new Intl.NumberFormat('en')

/** `12,480`. */
export function formatted(count: number): string {
  return digits.format(count)
}

const brief = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** As `formatted`, from a million on `43.9M`: where there is room for seven characters, and the whole is said elsewhere. */
export function inBrief(count: number): string {
  return count < 1_000_000 ? formatted(count) : brief.format(count)
}

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** `five years`, as one writes it within a sentence; digits from eleven on. */
export function inWords(count: number, thing: string): string {
  return `${small[count] ?? formatted(count)} ${count === 1 ? thing : `${thing}s`}`
}

/** `no calls`, `1 call`, `12,480 calls`; `plural` where an s is not enough. */
export function counted(count: number, thing: string, plural = `${thing}s`): string {
  return `${count === 0 ? 'no' : formatted(count)} ${count === 1 ? thing : plural}`
}

/** `99+` for what was counted no further than one more; null for none. */
export function countedTo(max: number, count: number): string | null {
  if (count === 0) return null
  return count > max ? `${formatted(max)}+` : formatted(count)
}
