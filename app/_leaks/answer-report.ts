import type { Route } from 'next'
import { type ReportRefusal, reportRefusals } from '#components/leaks/report-refusals.ts'
import { maxTexts } from '#lib/leaks/limits.ts'
import { readReport, reportSchema, type SentReport } from '#lib/leaks/read-report.ts'
import { countReport, receiveReports } from '#lib/leaks/receive.ts'
import { getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import type { TooOften } from '#lib/rate-limits/too-often.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import { requestOrigin } from '../_auth/request-origin.ts'
import { leaksPath, reportReceivedPath } from '../paths.ts'

type Refusal = ReportRefusal | TooOften
/** How it was sent: it is answered alike. */
type Way = 'json' | 'form'

/**
 * Takes a report of a leak from anybody. What it answers goes by what was sent alone: whether there is such a token is looked up by the worker,
 * afterwards. It reads no cookie.
 */
export async function answerReport(request: Request): Promise<Response> {
  const way = wayOf(request)
  if (way === null) return problem(415, 'Send JSON, or the form of the page /leaks.')
  const result = await whileDatabaseAnswers(() => received(request, way))
  if (way === 'form') return ledOn(result)
  if (result.ok) return Response.json({ status: 'received' }, { status: 202, headers: noStore })
  const { refusal } = result
  if (typeof refusal !== 'string')
    return problem(429, 'Too many reports came from your network. Send the rest later.', {
      'Retry-After': `${refusal.waitSeconds}`,
    })
  return problem(statuses[refusal], reportRefusals[refusal])
}

const statuses: Record<ReportRefusal, number> = {
  ...{ nothing: 422, 'too-many': 422, unreadable: 400, unavailable: 503 },
}

function wayOf(request: Request): Way | null {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return 'json'
  const isForm = type === 'multipart/form-data' || type === 'application/x-www-form-urlencoded'
  return isForm ? 'form' : null
}

async function received(request: Request, way: Way): Promise<Result<null, Refusal>> {
  const db = getDatabase()
  const { address } = await requestOrigin()
  const counted = await countReport(address, { db })
  if (!counted.ok) return counted
  const sent = await (way === 'json' ? readJson(request) : readForm(request))
  if (!sent.ok) return sent
  await receiveReports([readReport(sent.value)], { source: 'public', address }, { db })
  return ok(null)
}

async function readJson(request: Request): Promise<Result<SentReport, ReportRefusal>> {
  const body: unknown = await request.json().catch(() => undefined)
  const sent = reportSchema.safeParse(body)
  if (sent.success) return sent.data.texts.some(isText) ? ok(sent.data) : refuse('nothing')
  const { texts } = Object(body)
  if (!Array.isArray(texts)) return refuse('unreadable')
  return refuse(texts.length > maxTexts ? 'too-many' : texts.length === 0 ? 'nothing' : 'unreadable')
}

async function readForm(request: Request): Promise<Result<SentReport, ReportRefusal>> {
  const form = await request.formData().catch(() => null)
  if (!form) return refuse('unreadable')
  const read = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const text = read('secretText')
  if (!isText(text)) return refuse('nothing')
  return ok({ texts: [text], foundAt: read('foundAt'), words: read('words') })
}

const isText = (text: string) => text.trim() !== ''

async function whileDatabaseAnswers(
  work: () => Promise<Result<null, Refusal>>,
): Promise<Result<null, Refusal>> {
  try {
    return await work()
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'a report of a leak could not reach the database')
    return refuse('unavailable')
  }
}

const noStore = { 'Cache-Control': 'no-store' }

/** As RFC 9457 has it; its sentence is all that there is to know. */
function problem(status: number, detail: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ status, title: titles[status], detail }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...noStore, ...headers },
  })
}

const titles: Record<number, string> = {
  400: 'The report cannot be read',
  415: 'The report is in no form that is read here',
  422: 'The report says nothing that can be looked for',
  429: 'Too many reports',
  503: 'The report was not taken',
}

function ledOn(result: Result<null, Refusal>): Response {
  if (result.ok) return redirectTo(reportReceivedPath)
  const { refusal } = result
  const why = new URLSearchParams(
    typeof refusal === 'string'
      ? { refused: refusal }
      : { refused: refusal.kind, wait: `${refusal.waitSeconds}` },
  )
  return redirectTo(`${leaksPath}?${why}` as Route)
}

function redirectTo(path: Route): Response {
  return new Response(null, { status: 303, headers: { Location: path, ...noStore } })
}
