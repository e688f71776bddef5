import localFont from 'next/font/local'

/** Geist, with the characters that the pages use. `npm run fonts` makes the files; OFL.txt is their licence. */
const sans = localFont({
  src: './sans.woff2',
  variable: '--font-geist-sans',
  weight: '400 600',
})

/** Ids and addresses. */
const mono = localFont({
  src: './mono.woff2',
  variable: '--font-geist-mono',
  weight: '400',
  adjustFontFallback: false,
  preload: false,
  fallback: ['ui-monospace', 'SFMono-Regular', 'Menlo', 'Consolas', 'monospace'],
})

/** The classes of the page: they name the fonts for globals.css. */
export const fontClasses = `${sans.variable} ${mono.variable}`
