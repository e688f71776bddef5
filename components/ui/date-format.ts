const formats = new Map<string, Intl.DateTimeFormat>()
/** People of one server may have chosen many zones. */
const mostKept = 60

/** Throws where dates cannot be written in the zone. Kept: to make one takes as long as to write many dates with it. */
export function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(language, options)
    if (formats.size >= mostKept) formats.clear()
    formats.set(key, format)
  }
  return format
}
