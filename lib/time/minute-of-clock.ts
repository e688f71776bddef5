/** As browsers send `datetime-local`, with seconds or without. */
export const minutePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/

/** When a clock of the time zone shows the minute. Of a minute that clocks show twice the later one; of one that they skip, an hour later. */
export function momentOfMinute(minute: string, timeZone: string): Date {
  const [date = '', time = ''] = minute.split('T')
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const wanted = Date.parse(`${date}T00:00:00.000Z`) + (hours * 60 + minutes) * 60_000
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const offsetMsAt = (at: number) => {
    const [, sign, h, m, s = 0] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?/.exec(format.format(at)) ?? []
    return (sign === '-' ? -1 : 1) * (Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s)) * 1000
  }
  return new Date(wanted - offsetMsAt(wanted - offsetMsAt(wanted)))
}
