import type { Route } from 'next'
import type { Party } from '#lib/access/party.ts'
import { asSignedIn } from '#lib/access/rights.ts'
import { type DownloadOutcome, noteDownload } from '#lib/audit/note-download.ts'
import { ListTooLong, longestShortList } from '#lib/downloads/batches.ts'
import { type Download, type DownloadRefusal, openDownload } from '#lib/downloads/download.ts'
import { mostDownloadsOfPerson } from '#lib/downloads/limits.ts'
import { getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { signInHref } from '../_auth/callback-url.ts'
import { currentUser, hasSessionCookie } from '../_auth/current-user.ts'
import { requestOrigin } from '../_auth/request-origin.ts'
import type { CsvList } from './csv-list.ts'
import { fromElsewhere, isLedHere, redirectTo, sentence } from './no-file.ts'

type Reader = NonNullable<Awaited<ReturnType<typeof currentUser>>>

/** Which list, for whom; null: there is no such list for them. A sentence says what is wrong with the address. */
type Find = (reader: Reader, params: Record<string, string>) => Promise<CsvList | string | null>

/**
 * A list as a CSV file, as it was at one moment. Nothing says how long it will be, so that a file that broke off is not whole for
 * any browser: the connection ends without the end of the answer.
 * @param page where the list is, for who has to sign in first, and where to try again.
 */
export async function answerCsv(
  request: Request,
  page: Route,
  find: Find,
  party: Party | null = null,
): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const params = Object.fromEntries([...searchParams].reverse())
  const back = searchParams.size > 0 ? `${page}?${searchParams}` : page
  try {
    const reader = await currentUser()
    if (!reader) {
      const error = (await hasSessionCookie()) ? 'session-ended' : undefined
      return redirectTo(signInHref({ callbackUrl: back, error }))
    }
    const db = getDatabase()
    const note = async (outcome: DownloadOutcome, list?: CsvList) => {
      const { address } = await requestOrigin()
      await noteDownload(reader, { outcome, page, party, ...(list && { list: list.name }) }, { db, address })
    }
    const refused = async (outcome: DownloadOutcome, status: number, text: string) => {
      if (request.method !== 'HEAD') await note(outcome)
      return sentence(status, text, back)
    }
    // Any page can lead a browser here, and would take the few places that there are.
    if (isLedHere(request)) return refused('from-another-site', 403, fromElsewhere)
    const list = await find(reader, params)
    if (!list) return refused('not-found', 404, 'There is nothing here')
    if (typeof list === 'string') return refused('unreadable', 400, list)
    if (request.method === 'HEAD') return new Response(null, { headers: headersOf(list) })
    const mayStill = async () => {
      const [gone, found] = [await asSignedIn(reader).refusalNow(db), await find(reader, params)]
      return gone === null && found !== null && typeof found !== 'string'
    }
    const download = await openDownload(reader, list.batches, { signal: request.signal, mayStill })
    if (!download.ok) return refused(download.refusal, 429, texts[download.refusal])
    try {
      await note('begun', list)
    } catch (error) {
      download.value.end()
      throw error
    }
    return new Response(streamOf(list.head, download.value), { headers: headersOf(list) })
  } catch (error) {
    if (error instanceof ListTooLong) {
      log.error({ err: error, page }, 'a list is too long for its file')
      return sentence(500, tooLong, back)
    }
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'a download could not reach the database')
    return sentence(503, 'Our database did not answer. Try again in a moment', back)
  }
}

const tooLong = `This list has more than ${longestShortList.toLocaleString('en')} rows, and its file cannot hold them. Ask the platform for it`

const texts: Record<DownloadRefusal, string> = {
  'busy-person': `${mostDownloadsOfPerson} downloads of yours are under way. Wait until one of them is done, then try again`,
  'busy-node': 'Too many lists are being downloaded right now. Wait a minute, then try again',
}

/** Reads a batch only when the one before was taken. */
function streamOf(head: string, download: Download<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let text: string | null = head
  return new ReadableStream(
    {
      start(controller) {
        // Nobody may be asking for a batch then.
        download.brokenOff.addEventListener('abort', () => {
          log.warn({ err: download.brokenOff.reason }, 'a download was broken off')
          controller.error(download.brokenOff.reason)
        })
      },
      async pull(controller) {
        try {
          const [batch = ''] = text === null ? ((await download.next()) ?? [null]) : [text]
          text = null
          if (batch === null) controller.close()
          else controller.enqueue(encoder.encode(batch))
        } catch (error) {
          if (!download.brokenOff.aborted) log.error({ err: error }, 'a download broke off')
          throw error
        }
      },
      cancel: () => download.end(),
    },
    { highWaterMark: 0 },
  )
}

function headersOf({ name }: CsvList) {
  const day = new Date().toISOString().slice(0, 10)
  return {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}-${day}.csv"`,
    // Nobody in between keeps it, or gathers it whole.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  }
}
