import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { Agent, request } from 'undici'
import type { Network } from '../../http/networks.ts'
import { oneLine } from '../../text/one-line.ts'
import { type Resolve, resolveHost } from './resolve-host.ts'
import { findAllowed, hostOf, readTarget, refusalOfAddress, type TargetRefusal } from './target.ts'

/** `status` null: there was no answer. `problem` null: it was taken (2xx). */
export type Answer = { status: number | null; problem: string | null }

/** Name, connection, sending and answer together. */
const timeoutMs = 10_000
const maxAnswerBytes = 4_096
const maxProblemLength = 500

type Sending = {
  body: string
  headers: Record<string, string>
  networks: Network[]
  /** DNS by default. */
  resolve?: Resolve
}

class TargetRefused extends Error {}

/**
 * Sends one webhook. Follows no redirects. Where the connection goes is judged as it is made, so that a name that has come to
 * stand for another address does not help.
 */
export async function postWebhook(
  target: string,
  { body, headers, networks, resolve = resolveHost }: Sending,
): Promise<Answer> {
  const read = readTarget(target)
  if (!read.ok) return { status: null, problem: problemWords[read.refusal] }
  const url = read.value
  // An address that needs no lookup is connected to without one.
  const refusal = isIP(hostOf(url)) ? refusalOfAddress(url, hostOf(url), networks) : null
  if (refusal) return { status: null, problem: problemWords[refusal] }
  // One clock ends the attempt, and says so in words of ours: the signal below. The client's own stand behind it.
  const behindMs = 2 * timeoutMs
  const agent = new Agent({
    connect: { lookup: lookupOf(url, { networks, resolve }), timeout: behindMs },
    headersTimeout: behindMs,
    bodyTimeout: behindMs,
  })
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Partner-Tokens-Webhooks/1', ...headers },
      body,
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const status = response.statusCode
    // What is left unread of it breaks off as we hang up.
    response.body.on('error', () => {})
    if (status >= 200 && status < 300) return { status, problem: null }
    const isRedirect = status >= 300 && status < 400
    const words = isRedirect ? 'redirects are not followed' : await readBeginning(response.body)
    return { status, problem: oneLine(words, maxProblemLength) || 'an empty answer' }
  } catch (error) {
    return { status: null, problem: oneLine(wordsOf(error), maxProblemLength) }
  } finally {
    await agent.destroy()
  }
}

function lookupOf(url: URL, reach: { networks: Network[]; resolve: Resolve }): LookupFunction {
  return async (_host, options, done) => {
    const found = await findAllowed(url, reach)
    if (!found.ok) return done(new TargetRefused(problemWords[found.refusal]), '', 0)
    if (options.all) return done(null, found.value)
    const [first] = found.value
    done(null, first?.address ?? '', first?.family)
  }
}

async function readBeginning(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of body) {
      parts.push(part)
      length += part.length
      if (length >= maxAnswerBytes) break
    }
  } catch {
    // The status was there: what came of the rest is enough.
  }
  return Buffer.concat(parts).subarray(0, maxAnswerBytes).toString('utf8').replaceAll('\0', '')
}

const problemWords: Record<TargetRefusal, string> = {
  'not-a-url': 'the address is not one of http or https',
  credentials: 'the address holds a user name or a password',
  port: 'the port is one of another service',
  private: 'the host is inside a private network',
  'not-encrypted': 'the address must begin with https',
  unresolved: 'the host has no address',
  unanswered: 'the name servers of the host did not answer in time',
}

function wordsOf(error: unknown): string {
  const { name, code, message } = error as Error & { code?: string }
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} seconds`
  if (error instanceof TargetRefused) return message
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused'
    default:
      return message || code || name
  }
}
