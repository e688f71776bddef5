import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { z } from 'zod'
import { readBody } from './read-body.ts'

const mostBytes = 16 * 1024
const linesAMinute = 30
const types = ['application/csp-report', 'application/reports+json', 'application/json']

/** As browsers write them: by `report-uri` with hyphens, by `report-to` without. Only what is logged. */
const older = z.object({
  'csp-report': z.object({
    'violated-directive': z.string().optional(),
    'effective-directive': z.string().optional(),
    'blocked-uri': z.string().optional(),
  }),
})
const newer = z.array(
  z.object({
    body: z.object({ effectiveDirective: z.string().optional(), blockedURL: z.string().optional() }),
  }),
)

type Report = { directive: string; blocked: string }

/**
 * Takes what browsers report of the Content-Security-Policy, from everybody, and logs one line of it at most, without
 * anything that the sender could choose but a directive and an origin. Answers with the status.
 */
export function createCspReports({ log, now = Date.now }: { log: Pick<Logger, 'warn'>; now?: () => number }) {
  let minute = 0
  let lines = 0
  let unlogged = 0
  return async (request: IncomingMessage): Promise<204 | 400 | 405 | 413 | 415> => {
    const { method, headers } = request
    if (method !== 'POST') return 405
    if (!types.includes(headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '')) return 415
    if (Number(headers['content-length'] ?? 0) > mostBytes) return 413
    const report = readReport(await readBody(request, 'take'))
    if (!report) return 400
    const current = Math.floor(now() / 60_000)
    if (current !== minute) [minute, lines] = [current, 0]
    if (++lines > linesAMinute) unlogged++
    else {
      log.warn(
        { ...report, ...(unlogged > 0 && { unlogged }) },
        'a browser kept a page from doing what its policy does not allow',
      )
      unlogged = 0
    }
    return 204
  }
}

function readReport(body: Buffer | undefined): Report | undefined {
  const parsed = parse(body)
  const old = older.safeParse(parsed)
  if (old.success) {
    const report = old.data['csp-report']
    return reportOf(report['effective-directive'] ?? report['violated-directive'], report['blocked-uri'])
  }
  const [first] = newer.safeParse(parsed).data ?? []
  return first && reportOf(first.body.effectiveDirective, first.body.blockedURL)
}

function reportOf(directive = '', blocked = ''): Report {
  return {
    directive: /^[a-z-]{1,40}/.exec(directive)?.[0] ?? 'unknown',
    blocked: /^[a-z-]{1,30}$/.test(blocked) ? blocked : originOf(blocked),
  }
}

/** Never the rest of an address, which may hold a secret. */
function originOf(address: string): string {
  const origin = URL.canParse(address) ? new URL(address).origin : 'unknown'
  return origin.length <= 100 ? origin : 'unknown'
}

function parse(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
