import { stripVTControlCharacters } from 'node:util'

type Stream = { write: (text: string) => unknown; isTTY?: boolean | undefined; columns?: number | undefined }

export type Output = {
  /** For programs and pipes: what was asked for. */
  line: (text: string) => void
  /** For people, beside it. */
  say: (text: string) => void
  /** How far it is: on a terminal alone. */
  progress: (what: string, done: number, of: number) => void
}

const width = 24

export function createOutput(out: Stream, err: Stream): Output {
  let isBarShown = false
  const wipe = () => {
    if (isBarShown) err.write('\r\x1b[2K')
    isBarShown = false
  }
  return {
    line(text) {
      wipe()
      out.write(`${text}\n`)
    },
    say(text) {
      wipe()
      err.write(`${text}\n`)
    },
    progress(what, done, of) {
      if (!err.isTTY) return
      wipe()
      err.write(barOf(what, done, of))
      isBarShown = done < of
      if (!isBarShown) err.write('\n')
    },
  }
}

export function barOf(what: string, done: number, of: number): string {
  const full = of === 0 ? width : Math.round((Math.min(done, of) / of) * width)
  return `${what} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${of}`
}

/** In columns as wide as what stands in them. Names are others’ words: what steers a terminal is left out. */
export function tableOf(rows: string[][]): string {
  const safe = rows.map((row) => row.map((cell) => stripVTControlCharacters(cell).replace(/\p{C}/gu, '')))
  const widths = (safe[0] ?? []).map((_, n) => Math.max(...safe.map((row) => (row[n] ?? '').length)))
  return safe
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
