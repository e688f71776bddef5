import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { clientAddress, logUnreadable, type Trust } from '#lib/http/client-address.ts'
import { endUnread } from '#lib/http/end-unread.ts'
import { largestBodyKiB } from '#lib/http/limits.ts'
import { hostnameOf, isHost, readRequestTarget } from '#lib/http/request-target.ts'
import { cspReportPath } from '#lib/http/security-headers.ts'
import { type SecurityTxt, securityTxt } from '#lib/http/security-txt.ts'
import { managementApiPath } from '../_api/paths.ts'
import { mayBeAction, readActionBody } from './action-body.ts'
import { createCspReports } from './csp-reports.ts'
import type { IsKnownAction } from './known-actions.ts'
import { outOfDatePage, outOfDatePolicy } from './out-of-date-page.ts'
import { readBody } from './read-body.ts'
import { addressWithoutTokens } from './token-in-address.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

type GateOptions = {
  /** Of every answer; proxy.ts puts the policy of a page in the place of the one in here. */
  headers: Record<string, string>
  /** Where people reach us; null in the demo: by whatever name they used. */
  ownOrigin: URL | null
  /** `loopback`: a demo, which shows every mail, must not be reached by a name that leads here from elsewhere. */
  hostNames: 'any' | 'loopback'
  trust: Trust
  log: Pick<Logger, 'info' | 'warn'>
  isReady: () => Promise<boolean>
  isKnownAction: IsKnownAction
  /** How to report a weakness; null: nobody has configured it. */
  securityContact: Omit<SecurityTxt, 'origin'> | null
  next: Handler
}

export const methods = ['GET', 'HEAD', 'POST', 'OPTIONS']

/**
 * Next reads up to 1 MB of an action and 10 MB of anything else. A body of
 * unannounced length is not read at all: browsers announce it with every form, script and action.
 */
const maxBodyBytes = largestBodyKiB * 1024

/**
 * Here texts are searched. Its handler proves who sends one before it reads it, and refuses with a page what is too large: a browser shows
 * that only where it can send the whole form.
 */
const findForm = /^\/(?:stores|partners)\/[^/]+\/find$/
const maxFindBytes = 64 * 1024 * 1024

/** Scanners send many matches at once. */
const ofScanner = /^\/leaks\/(?:github|gitlab\/v1\/revoke_tokens)$/
const maxScannerBytes = 4 * 1024 * 1024

/**
 * What every request passes before Next sees it: gives every answer its security headers, answers the probes, and
 * replaces what clients say about themselves by what is known. Next code may believe `x-forwarded-*` from here on.
 */
export function createGate(options: GateOptions): Handler {
  const { headers, ownOrigin, hostNames, trust, log, isReady, isKnownAction, securityContact, next } = options
  const onUnreadable = logUnreadable(log)
  const reportCsp = createCspReports({ log })
  return async (request, response) => {
    const answer = (to: ServerResponse, status: number, text: string) => {
      if (status >= 400 && status !== 503) log.info({ status, method: request.method }, `refused: ${text}`)
      if (to.getHeader('Connection') === 'close') answerUnread(request, to, { status, text })
      else answerText(to, status, text)
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)

    // Nobody reads what follows, whatever is answered.
    const isUnmeasured = request.headers['transfer-encoding'] !== undefined
    if (isUnmeasured) response.setHeader('Connection', 'close')
    if (!methods.includes(request.method ?? '')) {
      response.setHeader('Allow', methods.join(', '))
      return answer(response, 405, 'Nothing here answers to that method')
    }
    const { target, authority } = readRequestTarget(request.url ?? '')
    request.url = target
    // What the target names is what the request was sent to, whatever `Host` says (RFC 9112, 3.2.2).
    if (authority !== undefined) request.headers.host = authority
    const { host } = request.headers
    if (!host) return answer(response, 400, 'The request names no host')
    if (!isHost(host) || hostsOf(request.rawHeaders) > 1) {
      return answer(response, 400, 'The request names no host, or more than one')
    }
    if (hostNames === 'loopback' && !isLoopback(hostnameOf(host)) && host !== ownOrigin?.host) {
      return answer(response, 421, 'The demo answers to localhost and 127.0.0.1 only')
    }
    const path = request.url?.split('?', 1)[0] ?? ''
    if (!path.startsWith('/') || !isDecodable(path)) return answer(response, 400, 'The address is malformed')
    if (path === '/healthz') return answer(response, 200, 'ok')
    if (path === '/readyz') {
      return (await isReady()) ? answer(response, 200, 'ready') : answer(response, 503, 'not ready')
    }
    if (path === '/.well-known/security.txt') {
      // RFC 9116, 2.5.5: what is out of date is not to be believed.
      const isRight = securityContact !== null && securityContact.expires.getTime() > Date.now()
      if (!isRight) return answer(response, 404, 'There is nothing here')
      return answer(
        response,
        200,
        securityTxt({ ...securityContact, origin: ownOrigin?.origin ?? null }).trimEnd(),
      )
    }
    if (isUnmeasured) return answer(response, 411, 'A body needs its Content-Length')
    const isFind = request.method === 'POST' && findForm.test(path) && !request.headers['next-action']
    const maxBytes = isFind ? maxFindBytes : ofScanner.test(path) ? maxScannerBytes : maxBodyBytes
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      response.setHeader('Connection', 'close')
      return answer(response, 413, 'The request is too large')
    }

    // Anybody may send one, from anywhere, and no cookie counts there.
    const isReport = request.method === 'POST' && path === '/leaks' && !request.headers['next-action']
    if (path === cspReportPath) {
      const status = await reportCsp(request)
      if (status === 405) response.setHeader('Allow', 'POST')
      return answer(response, status, status === 204 ? '' : 'That is no report of a policy')
    }
    const tokenless = request.method === 'POST' ? null : addressWithoutTokens(target)
    if (tokenless !== null) {
      log.info({ status: 303, method: request.method }, 'led on: a token stood in the address')
      response.writeHead(303, {
        Location: tokenless,
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
      })
      response.end()
      return
    }
    const origin = ownOrigin?.origin ?? `http://${host}`
    if (request.method === 'POST' && !isReport && !hasOwnProof(path)) {
      if (!isFromOurPage(request, origin)) {
        return answer(response, 403, 'Forms of this site are sent from its own pages only')
      }
      // Next takes `null`, which a page without referrer sends, for a foreign one.
      request.headers.origin = origin
    }
    if (
      request.method === 'POST' &&
      !isFind &&
      !isReport &&
      !ofScanner.test(path) &&
      !path.startsWith(managementApiPath) &&
      mayBeAction(request)
    ) {
      const body = await readBody(request, 'keep')
      if (!body) return
      const read = await readActionBody(request, body, isKnownAction)
      if (!read.ok && read.refusal.kind === 'unreadable') {
        return answer(response, 400, 'The form cannot be read')
      }
      if (!read.ok && read.refusal.kind === 'out-of-date') {
        log.info({ status: 409, method: request.method }, 'refused: a form of another build')
        return answerOutOfDate(response, { target, typed: read.refusal.typed })
      }
    }

    const address = clientAddress(request, trust, onUnreadable)
    const forwarded = {
      'x-forwarded-for': address,
      'x-forwarded-host': ownOrigin?.host ?? host,
      'x-forwarded-proto': ownOrigin?.protocol.slice(0, -1) ?? 'http',
      'x-forwarded-port': undefined,
      forwarded: undefined,
    }
    for (const [name, value] of Object.entries(forwarded)) {
      if (value === undefined) delete request.headers[name]
      else request.headers[name] = value
    }
    // The page has the address: its forms go to the handler beside it.
    if (isReport) request.url = '/leaks/report'
    await next(request, response)
  }
}

function hostsOf(rawHeaders: string[]): number {
  return rawHeaders.filter((name, n) => n % 2 === 0 && name.toLowerCase() === 'host').length
}

function isLoopback(hostname: string): boolean {
  return /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

/**
 * The forms of next-auth carry a token of their own; who stops mails with one click is a mail program (RFC 8058). Programs send a credential,
 * and no cookie counts there; scanners have a signature or a secret.
 */
function hasOwnProof(path: string): boolean {
  return (
    path.startsWith('/api/auth/') ||
    path === '/unsubscribe/one-click' ||
    ofScanner.test(path) ||
    path.startsWith(managementApiPath)
  )
}

/**
 * Browsers send an origin with every form and every script's POST. From a page that sends no referrer it is `null`; then,
 * and where there is none, only their word that it is the same site counts, which no page can forge.
 */
function isFromOurPage({ headers }: IncomingMessage, own: string): boolean {
  const { origin = 'null' } = headers
  return origin === 'null' ? headers['sec-fetch-site'] === 'same-origin' : origin === own
}

/** Next answers what cannot be decoded as if it were our failure. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

const lingerMs = 2_000
const lingerBytes = 16 * 1024 * 1024

/** The connection is closed behind the answer, but not while the body is still on its way. */
function answerUnread(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: { status: number; text: string },
): void {
  const body = Buffer.from(text === '' ? '' : `${text}\n`)
  response.writeHead(status, { ...plainText, 'Content-Length': body.length })
  response.write(body)
  endUnread({ request, response, lingerMs, lingerBytes })
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }

export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, plainText)
  response.end(text === '' ? undefined : `${text}\n`)
}

function answerOutOfDate(response: ServerResponse, page: Parameters<typeof outOfDatePage>[0]): void {
  response.setHeader('Content-Security-Policy', outOfDatePolicy)
  response.writeHead(409, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(outOfDatePage(page))
}
