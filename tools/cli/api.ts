import { setTimeout } from 'node:timers/promises'
import type { ProblemJson as Problem } from '#lib/management-api/openapi.ts'
import { CommandFailed, exitCodes } from './exit-codes.ts'

export type Api = {
  get: <Body>(path: string, known?: string) => Promise<{ body: Body; tag: string } | null>
  /** Sent again under the same key where no answer came: it is done once. */
  change: <Body>(path: string, body: object) => Promise<Body>
}

type Tools = {
  url: string
  credential: string
  /** Said where a command waits. */
  say: (line: string) => void
  signal?: AbortSignal
  /** For how long it is tried again altogether. */
  patienceMs?: number
}

const triedAgain = new Set([429, 503, 409])

/** Asks the management API, and waits where it says so. What it refuses ends the command. */
export function createApi({ url, credential, say, signal, patienceMs = 120_000 }: Tools): Api {
  async function ask(path: string, init: RequestInit): Promise<Response> {
    const givenUpAt = performance.now() + patienceMs
    for (let attempt = 1; ; attempt += 1) {
      const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${credential}` }
      const answer = await fetch(`${url}/api/v1${path}`, {
        ...init,
        headers,
        redirect: 'manual',
        signal: signal ?? null,
      }).catch((error) => error)
      signal?.throwIfAborted()
      const waitMs = answer instanceof Response ? waitOf(answer) : Math.min(250 * 2 ** attempt, 8_000)
      if (answer instanceof Response && waitMs === null) return answer
      if (performance.now() + (waitMs ?? 0) > givenUpAt) {
        if (answer instanceof Response) return answer
        throw new CommandFailed(exitCodes.failed, `There is no answer from ${url}: ${whyNot(answer)}.`)
      }
      if ((waitMs ?? 0) >= 1_000) say(`Waiting ${Math.ceil((waitMs ?? 0) / 1_000)} s for ${url}…`)
      await setTimeout(waitMs ?? 0, undefined, { ...(signal && { signal }) })
    }
  }

  return {
    async get<Body>(path: string, known?: string) {
      const answer = await ask(path, { headers: { ...(known && { 'if-none-match': known }) } })
      if (answer.status === 304) return null
      return { body: await bodyOf<Body>(answer), tag: answer.headers.get('etag') ?? '' }
    },
    async change<Body>(path: string, body: object) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
      return bodyOf<Body>(await ask(path, { method: 'POST', headers, body: JSON.stringify(body) }))
    },
  }
}

/** Null: it is no answer that says to come again. */
function waitOf({ status, headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return triedAgain.has(status) && Number.isFinite(seconds) ? seconds * 1_000 : null
}

async function bodyOf<Body>(answer: Response): Promise<Body> {
  if (answer.ok) return (await answer.json()) as Body
  const type = answer.headers.get('content-type') ?? ''
  if (!type.startsWith('application/problem+json'))
    throw new CommandFailed(exitCodes.failed, `The server answered ${answer.status}: is this its address?`)
  const { title, detail, status } = (await answer.json()) as Problem
  const code = [429, 503].includes(status)
    ? exitCodes.tryAgain
    : status >= 500
      ? exitCodes.failed
      : exitCodes.refused
  throw new CommandFailed(code, `${title}. ${detail}`)
}

const whyNot = (error: unknown) =>
  error instanceof Error
    ? ((error.cause as { code?: string } | undefined)?.code ?? error.message)
    : `${error}`
