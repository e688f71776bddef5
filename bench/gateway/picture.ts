import type { ResultRow, ResultsFile } from '../results.ts'

export type Theme = 'light' | 'dark'

const colours = {
  light: {
    page: '#ffffff',
    text: '#1c2024',
    quiet: '#60646c',
    line: '#e0e1e6',
    ours: '#0b6e99',
    others: '#b9bbc6',
    limit: '#c62a2f',
  },
  dark: {
    page: '#111113',
    text: '#edeef0',
    quiet: '#b0b4ba',
    line: '#303236',
    ours: '#52a9c9',
    others: '#5a6169',
    limit: '#ff9592',
  },
} as const satisfies Record<Theme, Record<string, string>>

const sizes = [10, 10_000, 1_000_000]
const servers = [
  ...[
    { name: 'introspection', isOurs: true },
    { name: 'xml', isOurs: true },
  ],
  ...['fastify', 'oidc-provider', 'better-auth'].map((name) => ({ name, isOurs: false })),
]

const width = 760
const left = 170
const right = 110
const top = 74
const barHeight = 16
const rowHeight = 24
const groupHeight = 34
const scaleEnd = 0.8
const steps = [0, 0.2, 0.4, 0.6, 0.8]

/**
 * Bars of the answers a second at 32 connections, as a share of bare node:http: the median, a line from the lowest to the highest
 * round, and a mark where the share is to be. Who could not be measured stands there without a bar.
 */
export function drawShares(
  { machine, rounds, rows, limits }: ResultsFile,
  day: string,
  theme: Theme,
): string {
  const colour = colours[theme]
  const x = (share: number) => left + (Math.min(share, scaleEnd) / scaleEnd) * (width - left - right)
  const parts: string[] = []
  let y = top
  for (const size of sizes) {
    const tokens = `${size.toLocaleString('en')} tokens`
    const known = servers.flatMap((server) => {
      const name = `${server.name}, ${tokens}, 32 connections`
      const row = rows.find((one) => one.bench === 'gateway' && one.name === name)
      return row
        ? [{ ...server, row, wanted: limits[`gateway: ${name} : bare node:http, at least`]?.limit }]
        : []
    })
    if (known.length === 0) continue
    parts.push(text({ x: 16, y: y + 20, weight: 600, fill: colour.text }, tokens))
    y += groupHeight
    for (const { name, isOurs, row, wanted } of known) {
      const middle = y + barHeight / 2
      const [share, lowest, highest] = sharesOf(row)
      parts.push(
        text({ x: left - 10, y: middle + 4, anchor: 'end', fill: isOurs ? colour.text : colour.quiet }, name),
      )
      if (share === undefined) {
        parts.push(text({ x: left + 6, y: middle + 4, fill: colour.quiet }, 'not measured'))
      } else {
        const fill = isOurs ? colour.ours : colour.others
        parts.push(
          `<rect x="${left}" y="${y}" width="${(x(share) - left).toFixed(1)}" height="${barHeight}" rx="2" fill="${fill}"/>`,
        )
        if (lowest !== undefined && highest !== undefined) {
          parts.push(line({ x1: x(lowest), x2: x(highest), y1: middle, y2: middle, stroke: colour.text }))
        }
        const end = labelAt(x(Math.max(share, highest ?? 0)), wanted && x(wanted))
        parts.push(
          text(
            { x: end, y: middle + 4, fill: colour.text, weight: isOurs ? 600 : 400 },
            share.toFixed(share < 0.01 ? 3 : 2),
          ),
        )
      }
      if (wanted !== undefined) {
        parts.push(
          line({
            x1: x(wanted),
            x2: x(wanted),
            y1: y - 3,
            y2: y + barHeight + 3,
            stroke: colour.limit,
            width: 2,
          }),
        )
      }
      y += rowHeight
    }
  }
  const bottom = y + 8
  const grid = steps.flatMap((step) => [
    line({ x1: x(step), x2: x(step), y1: top - 4, y2: bottom, stroke: colour.line }),
    text({ x: x(step), y: bottom + 18, anchor: 'middle', fill: colour.quiet }, step.toFixed(1)),
  ])
  const about = `${day}, ${rounds} rounds, ${machine.cores} cores of ${machine.cpu}, load ${machine.load}`
  const height = bottom + 56
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"`,
    ' font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif" font-size="13">\n',
    `<title>${escaped(`Answers a second as a share of bare node:http, ${about}`)}</title>\n`,
    `<rect width="${width}" height="${height}" fill="${colour.page}"/>\n`,
    text(
      { x: 16, y: 30, weight: 600, size: 16, fill: colour.text },
      'Answers a second, as a share of bare node:http',
    ),
    text(
      { x: 16, y: 50, fill: colour.quiet },
      '32 connections. A line: lowest to highest round. Red: to be reached',
    ),
    ...grid,
    ...parts,
    text({ x: 16, y: height - 14, size: 12, fill: colour.quiet }, about),
    '</svg>\n',
  ].join('')
}

const labelWidth = 40

/** Behind the line, and behind the mark where it would stand on it. */
function labelAt(end: number, mark: number | undefined): number {
  const isOnMark = mark !== undefined && mark > end - 4 && mark < end + 8 + labelWidth
  return (isOnMark ? mark : end) + 8
}

function sharesOf(row: ResultRow): [number | undefined, number | undefined, number | undefined] {
  const number = (name: string) => {
    const value = row[name]
    return typeof value === 'number' ? value : undefined
  }
  return [number(': bare'), number(': bare, lowest'), number(': bare, highest')]
}

type Text = { x: number; y: number; fill: string; anchor?: 'middle' | 'end'; weight?: number; size?: number }

function text({ x, y, fill, anchor, weight, size }: Text, words: string): string {
  const more = [
    anchor && ` text-anchor="${anchor}"`,
    weight !== undefined && ` font-weight="${weight}"`,
    size !== undefined && ` font-size="${size}"`,
  ]
  return `<text x="${x.toFixed(1)}" y="${y}" fill="${fill}"${more.filter(Boolean).join('')}>${escaped(words)}</text>\n`
}

type Line = { x1: number; x2: number; y1: number; y2: number; stroke: string; width?: number }

function line({ x1, x2, y1, y2, stroke, width = 1 }: Line): string {
  return `<line x1="${x1.toFixed(1)}" x2="${x2.toFixed(1)}" y1="${y1}" y2="${y2}" stroke="${stroke}" stroke-width="${width}"/>\n`
}

const escaped = (words: string) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
