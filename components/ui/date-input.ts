/** The browser's own fields for a day or a minute. */
export const dateInput =
  'min-h-9 rounded-lg border border-control bg-ground px-2.5 text-ink aria-invalid:border-danger pointer-coarse:min-h-11'
