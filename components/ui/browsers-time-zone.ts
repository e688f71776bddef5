import { dateFormat } from './date-format.ts'

/** In which dates are written where no zone can be used: on the server, and in browsers that know none (`Etc/Unknown`). */
export const fallbackTimeZone = 'UTC'

/** Whether dates can be written here in the zone. One that another engine knows can be unknown to this one. */
export function isWritable(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false
  try {
    return Boolean(dateFormat('en', { timeZone }))
  } catch {
    return false
  }
}

/** What a browser says of its zone; {@link fallbackTimeZone} where that is nothing that dates can be written in. */
export function usableTimeZone(said: unknown): string {
  return typeof said === 'string' && isWritable(said) ? said : fallbackTimeZone
}
