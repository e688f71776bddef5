import type { Token } from '#lib/tokens/model/token.ts'

type Life = Pick<Token, 'id' | 'predecessorId' | 'createdAt' | 'expiresAt' | 'revokedAt' | 'asOf'>

/** Places are percents of the width, from 0 to 100. */
export type Bar = {
  id: string
  from: number
  until: number
  /** Where what has passed of it ends; `until`, where it has ended. */
  passedUntil: number
  /** Ended before its expiry. */
  isCut: boolean
  /** Lines from a token down to the one that it renewed: they begin, pass or end in the row. */
  ties: { at: number; part: 'begins' | 'passes' | 'ends' }[]
}

export type TimeLine = { today: number; marks: { at: number; text: string }[]; bars: Bar[] }

/** Of the whole width, kept free at the right for the mark at a bar's end. */
const margin = 0.02

/** The lives of tokens on one scale, from the first issue to the last end, which is today at least. In the order of `lives`. */
export function timeLineOf(lives: readonly Life[]): TimeLine | null {
  const asOf = lives[0]?.asOf
  if (!asOf) return null
  const first = Math.min(...lives.map(({ createdAt }) => createdAt.getTime()), asOf.getTime())
  const last = Math.max(...lives.map((life) => endOf(life).getTime()), asOf.getTime())
  const spanMs = Math.max(last - first, 1) / (1 - margin)
  const placeOf = (at: Date) => Math.round(((at.getTime() - first) / spanMs) * 10_000) / 100
  const rowOf = new Map(lives.map(({ id }, row) => [id, row]))
  const bars = lives.map((life): Bar => {
    const end = endOf(life)
    return {
      id: life.id,
      from: placeOf(life.createdAt),
      until: placeOf(end),
      passedUntil: Math.min(placeOf(end), placeOf(asOf)),
      isCut: life.revokedAt !== null,
      ties: [],
    }
  })
  for (const [row, { createdAt, predecessorId }] of lives.entries()) {
    const old = predecessorId === null ? undefined : rowOf.get(predecessorId)
    if (old === undefined || old <= row) continue
    const at = placeOf(createdAt)
    bars.slice(row, old + 1).forEach((bar, n, { length }) => {
      bar.ties.push({ at, part: n === 0 ? 'begins' : n === length - 1 ? 'ends' : 'passes' })
    })
  }
  const marks = beginningsBetween(new Date(first), new Date(last)).map(({ at, text }) => ({
    at: placeOf(at),
    text,
  }))
  return { today: placeOf(asOf), marks, bars }
}

const endOf = ({ revokedAt, expiresAt }: Life) => revokedAt ?? expiresAt

const maxMarks = 6
const stepsInMonths = [1, 3, 6, 12, 24, 60, 120]
const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** Beginnings of months or years (UTC), {@link maxMarks} at most; none within less than a month. */
function beginningsBetween(first: Date, last: Date): { at: Date; text: string }[] {
  const monthOf = (at: Date) => at.getUTCFullYear() * 12 + at.getUTCMonth()
  const [from, to] = [monthOf(first) + 1, monthOf(last)]
  const step = stepsInMonths.find((months) => (to - from + 1) / months <= maxMarks) ?? 240
  const begins = Array.from({ length: Math.max(to - from + 1, 0) }, (_, n) => from + n)
  return begins
    .filter((month) => month % step === 0)
    .map((month) => {
      const at = new Date(Date.UTC(Math.floor(month / 12), month % 12))
      return { at, text: step < 12 ? monthFormat.format(at) : `${at.getUTCFullYear()}` }
    })
}
