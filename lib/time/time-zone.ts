/** In which days end, and dates are written, where the browser names no zone that can be used. */
export const fallbackTimeZone = 'UTC'

const maxNameLength = 60

/** An IANA name that dates can be written in here. What browsers say of themselves is not always one: `Etc/Unknown`. */
export function isTimeZone(name: string): boolean {
  if (name.length > maxNameLength || !/^[A-Za-z]/.test(name)) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** What a browser says of its time zone; {@link fallbackTimeZone} where it cannot be used. */
export function usableTimeZone(name: unknown): string {
  return typeof name === 'string' && isTimeZone(name) ? name : fallbackTimeZone
}
