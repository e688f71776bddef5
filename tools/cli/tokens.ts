import type { TokenJson as Token } from '#lib/management-api/token-json.ts'
import type { Api } from './api.ts'
import { CommandFailed, exitCodes } from './exit-codes.ts'

/** As the options of a command have them: the parameters of the list. */
export type Filters = Record<string, string | undefined>
export type Chosen = { ids: string[]; filters: Filters }

const rowsAtOnce = 1_000

/** Every token that matches, page by page. */
export async function* listTokens(api: Api, filters: Filters): AsyncGenerator<Token[]> {
  let after: string | null = null
  do {
    const params = new URLSearchParams({ limit: `${rowsAtOnce}` })
    for (const [name, value] of Object.entries({ ...filters, after: after ?? undefined }))
      if (value !== undefined) params.set(name, value)
    const page = await api.get<{ tokens: Token[]; next: string | null }>(`/tokens?${params}`)
    if (page === null) return
    yield page.body.tokens
    after = page.body.next
  } while (after !== null)
}

/** The ids that were named, or those of what matches. Nothing named is not everything. */
export async function idsOf(api: Api, { ids, filters }: Chosen): Promise<string[]> {
  const isFiltered = Object.values(filters).some((value) => value !== undefined)
  if (ids.length > 0 && isFiltered)
    throw new CommandFailed(exitCodes.usage, 'Name tokens, or filter the list: not both.')
  if (ids.length > 0) return [...new Set(ids)]
  if (!isFiltered)
    throw new CommandFailed(
      exitCodes.usage,
      'Name tokens by their ids, or filter the list, such as with --show expiring.',
    )
  const found: string[] = []
  for await (const page of listTokens(api, filters)) found.push(...page.map(({ id }) => id))
  return found
}

export function* inChunks<One>(all: One[], size: number): Generator<One[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size)
}

export type Renewed = { tokenId: string; outcome: string; successorId: string | null; text?: string | null }

type Renewing = { expiresAt?: string | undefined; end: string; isCollecting: boolean; atOnce: number }

/**
 * Renews the tokens so many at once. Where texts are collected, those of one request are handed out before the next: what is lost where the
 * program that reads them breaks off is one request.
 */
export async function* renewTokens(
  api: Api,
  ids: string[],
  { expiresAt, end, isCollecting, atOnce }: Renewing,
): AsyncGenerator<Renewed[]> {
  for (const tokenIds of inChunks(ids, atOnce)) {
    const { results } = await api.change<{ results: Renewed[] }>('/tokens/renew', {
      ...{ tokenIds, oldTokens: { end } },
      ...(expiresAt !== undefined && { expiresAt }),
    })
    const successorIds = results.flatMap(({ successorId }) => successorId ?? [])
    if (!isCollecting || successorIds.length === 0) {
      yield results
      continue
    }
    const collected = await api.change<{ results: { tokenId: string; text: string | null }[] }>(
      '/tokens/collect',
      {
        tokenIds: successorIds,
      },
    )
    const texts = new Map(collected.results.map(({ tokenId, text }) => [tokenId, text]))
    yield results.map((one) => ({
      ...one,
      text: one.successorId === null ? null : (texts.get(one.successorId) ?? null),
    }))
  }
}

export type Revoked = { tokenId: string; outcome: string }

export async function* revokeTokens(
  api: Api,
  ids: string[],
  { atOnce, ...revocation }: { atOnce: number; reason?: string | undefined; note?: string | undefined },
): AsyncGenerator<Revoked[]> {
  for (const tokenIds of inChunks(ids, atOnce))
    yield (await api.change<{ results: Revoked[] }>('/tokens/revoke', { tokenIds, ...revocation })).results
}

export type Seen = { tokenId: string; was: string | null; is: string; token: Token }

/** Looks at the tokens again and again: each answer has what changed since the one before, the first one all. */
export async function* watchTokens(
  api: Api,
  { ids, filters }: Chosen,
  pause: () => Promise<boolean>,
): AsyncGenerator<{ changed: Seen[]; states: Map<string, string> }> {
  let before = new Map<string, string>()
  do {
    const states = new Map<string, string>()
    const changed: Seen[] = []
    const see = (token: Token) => {
      states.set(token.id, token.state)
      const was = before.get(token.id) ?? null
      if (was !== token.state) changed.push({ tokenId: token.id, was, is: token.state, token })
    }
    if (ids.length > 0)
      for (const id of ids) {
        const one = await api.get<{ token: Token }>(`/tokens/${encodeURIComponent(id)}`)
        if (one) see(one.body.token)
      }
    else for await (const page of listTokens(api, filters)) page.forEach(see)
    yield { changed, states }
    before = states
  } while (await pause())
}
