/** A list of links needs no line under each. */
export const noticeLink =
  'block max-w-full cursor-pointer rounded py-0.5 text-left text-ink hover:underline underline-offset-4 wrap-anywhere max-sm:py-2'
