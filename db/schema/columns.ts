import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A moment, kept to the millisecond so that it survives the way through a JavaScript `Date` unchanged. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** Days as ranges that begin and end where a gap is: `{[2026-11-23,2026-11-27)}`. */
export const dayRanges = customType<{ data: string }>({ dataType: () => 'datemultirange' })

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
