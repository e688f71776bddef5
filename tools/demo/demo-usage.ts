import type { Queryable } from '#db/client.ts'
import type { usedApis } from '#db/schema/token-usage-hours.ts'
import { dayMs, hourMs } from '#lib/time/units.ts'
import { buildAddresses, buildAttempts, buildUsageDays, buildUsageHours } from '../seed/builders.ts'
import { demoPair } from './demo-data.ts'

type UsedApi = (typeof usedApis)[number]

const daysShown = 30
/** What is older stands in days already, as after the housekeeping of the gateway. */
const hoursKept = 48

/** Most stores are open in America: from 13 to 1 o'clock UTC. */
const shareOfHour = (hour: number) => (hour >= 13 || hour < 1 ? 1.6 : 0.4)
const shareOfDay = (day: number) => (day === 0 || day === 6 ? 0.25 : 1.3)
const callsADay = [460, 38, 1_250, 14, 95, 210]
/** Of the calls, to the first API, the second and the third. */
const shareOfApi = [0.7, 0.2, 0.1]
/** Of partners whose program says what it is. */
const ownClients: Record<string, string> = {
  [demoPair.partnerId]: 'ParcelPilot/4.2 (+https://parcelpilot.example)',
  'ypa-005259400002': 'LedgerLink/2.11',
}
const commonClients = ['python-requests/2.32.3', 'Java/21.0.4', 'StoreLink-PHP/7.4']

/** `n` numbers the token: the same one behaves the same every time. */
type DemoUse = { n: number; lastUsedAt: Date; apis: readonly UsedApi[]; now: Date }

/** From where and with what the token is used, for its last use as for the others. */
export function lastDemoUse(n: number, partnerId: string, apis: readonly UsedApi[]) {
  return {
    lastApi: apis[0] ?? null,
    lastAddress: addressOf(n, 0),
    lastClient: ownClients[partnerId] ?? commonClients[n % commonClients.length] ?? null,
  }
}

/** What came of calls from the token's creation to its last use, as far as the last 30 days show it. */
export async function writeDemoCalls(
  tx: Queryable,
  token: { id: string; createdAt: Date },
  { n, lastUsedAt, apis, now }: DemoUse,
) {
  const from = Math.max(startOf(hourMs, token.createdAt), startOf(dayMs, now) - (daysShown - 1) * dayMs)
  const until = startOf(hourMs, lastUsedAt)
  const hours = []
  for (let at = from; at <= until; at += hourMs) hours.push(...callsOfHour(at, n, apis, at === until))
  await writeHours(tx, token.id, hours, now)
  const addresses = Array.from({ length: 1 + (n % 3) }, (_, place) =>
    usesFrom(n, place, { since: token.createdAt, lastUsedAt }),
  )
  const known = (at: Date) => at > token.createdAt && now.getTime() - at.getTime() < daysShown * dayMs
  await buildAddresses(
    tx,
    token.id,
    addresses.filter((address) => known(address.lastUsedAt)),
  )
}

/** The first address calls every day since the beginning, the second one on working days, the third one only lately. */
function usesFrom(
  n: number,
  place: number,
  { since, lastUsedAt: latest }: { since: Date; lastUsedAt: Date },
) {
  const lastUsedAt = new Date(latest.getTime() - place * place * 7 * hourMs)
  const daysBefore = place === 0 ? Number.POSITIVE_INFINITY : place === 1 ? 19 : 2
  const firstUsedAt = new Date(Math.max(since.getTime(), lastUsedAt.getTime() - daysBefore * dayMs))
  const from = Math.max(startOf(dayMs, firstUsedAt), startOf(dayMs, lastUsedAt) - (daysShown - 1) * dayMs)
  const days = []
  for (let at = from; at <= lastUsedAt.getTime(); at += dayMs) {
    const isWeekend = shareOfDay(new Date(at).getUTCDay()) < 1
    if (place !== 1 || !isWeekend || at === from) days.push(new Date(at).toISOString().slice(0, 10))
  }
  const usedDays = `{${days.map((day) => `[${day},${day}]`).join(',')}}`
  return { address: addressOf(n, place), firstUsedAt, lastUsedAt, usedDays }
}

/** Calls with a revoked token, at equal distances: somebody runs an old copy of the program. */
export async function writeDemoAttempts(
  tx: Queryable,
  tokenId: string,
  { count, firstAt, lastAt, now }: { count: number; firstAt: Date; lastAt: Date; now: Date },
) {
  const step = (lastAt.getTime() - firstAt.getTime()) / Math.max(count - 1, 1)
  const hours = Array.from({ length: count }, (_, n) => ({
    hour: new Date(startOf(hourMs, new Date(firstAt.getTime() + n * step))),
    api: 'order' as const,
    calls: 0,
    refusals: 1,
  }))
  await writeHours(tx, tokenId, hours, now)
  await buildAttempts(tx, {
    tokenId,
    attempts: count,
    firstAt,
    lastAt,
    lastAddress: '203.0.113.77',
    lastClient: 'OrderExport/0.9 (cron)',
  })
}

type CallsOfHour = { hour: Date; api: UsedApi; calls: number; refusals: number }

function callsOfHour(at: number, n: number, apis: readonly UsedApi[], isLast: boolean): CallsOfHour[] {
  const hour = new Date(at)
  const usual = ((callsADay[n % callsADay.length] ?? 0) / 24) * shareOfHour(hour.getUTCHours())
  return apis
    .map((api, place) => {
      const wobble = 0.6 + ((n * 7_919 + (at / hourMs) * 104_729 + place * 31) % 800) / 1_000
      const share = shareOfDay(hour.getUTCDay()) * (shareOfApi[place] ?? 0)
      const calls = Math.round(usual * share * wobble)
      // Now and then a caller asks for what it may not.
      const refusals = (at / hourMs + n * 5) % 61 === 0 ? 1 + (n % 3) : 0
      return { hour, api, calls: isLast && place === 0 ? Math.max(calls, 1) : calls, refusals }
    })
    .filter(({ calls, refusals }) => calls + refusals > 0)
}

/** Hours that are older than the gateway keeps them are added up to days. */
async function writeHours(tx: Queryable, tokenId: string, hours: CallsOfHour[], now: Date) {
  const kept = hours.filter(({ hour }) => now.getTime() - hour.getTime() < hoursKept * hourMs)
  const days = new Map<string, Omit<CallsOfHour, 'hour'> & { day: string }>()
  for (const { hour, api, calls, refusals } of hours.slice(0, hours.length - kept.length)) {
    const day = hour.toISOString().slice(0, 10)
    const sum = days.get(`${day} ${api}`) ?? { day, api, calls: 0, refusals: 0 }
    days.set(`${day} ${api}`, { ...sum, calls: sum.calls + calls, refusals: sum.refusals + refusals })
  }
  await buildUsageDays(tx, tokenId, [...days.values()])
  await buildUsageHours(tx, tokenId, kept)
}

/** Of the ranges that are kept for examples (RFC 5737, RFC 3849). */
function addressOf(n: number, place: number): string {
  switch (place) {
    case 0:
      return `198.51.100.${10 + (n % 200)}`
    case 1:
      return `2001:db8:${(n + 1).toString(16)}::${(n * 3 + 2).toString(16)}`
    default:
      return `192.0.2.${20 + (n % 200)}`
  }
}

function startOf(unitMs: number, at: Date): number {
  return Math.floor(at.getTime() / unitMs) * unitMs
}
