import localFont from 'next/font/local'

/** Geist, with the characters that the pages use. `npm run fonts` makes the files; OFL.txt is their licence. */
const sans = localFont({
  src: './sans.woff2',
  variable: '--font-geist-sans',
  weight: '400 600',
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+20-7E, U+A0-FF, U+2013-2014, U+2018-201A, U+201C-201E, U+2020-2022, U+2026, U+2039-203A, U+20AC, U+2122, U+2190-2193, U+2195, U+2197, U+2212, U+2248, U+2264-2265, U+25CF',
    },
  ],
})

/** This one and the next: loaded by a browser that meets such a character only. */
const latinMore = localFont({
  src: './sans-latin-more.woff2',
  variable: '--font-geist-latin-more',
  weight: '400 600',
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+100-24F, U+259, U+2B9-2DD, U+300-338, U+1E00-1EFF, U+2070-2089, U+20AA, U+20B1, U+20B4, U+20B9, U+20BD, U+2153-215E, U+2194',
    },
  ],
})

const cyrillic = localFont({
  src: './sans-cyrillic.woff2',
  variable: '--font-geist-cyrillic',
  weight: '400 600',
  preload: false,
  adjustFontFallback: false,
  declarations: [{ prop: 'unicode-range', value: 'U+400-4FF, U+2116' }],
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
export const fontClasses = [sans, latinMore, cyrillic, mono].map(({ variable }) => variable).join(' ')
