import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A moment, kept to the millisecond so that it survives the way through a JavaScript `Date` unchanged. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
