import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '#db/client.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'

/** A file of lines of token and store, as the load process takes them. */
export type Credentials = { file: string; tokens: string[] }

const mostInOneFile = 50_000
/** What most calls of a day are made with. */
const hotTokens = 20

type Minted = { id: string; text: string }

/** Tokens spread evenly over those of a filled database, in an order that has nothing to do with theirs. */
export async function writeCredentials(
  db: Database,
  minted: readonly Minted[],
  folder: string,
  name: string,
) {
  const step = Math.max(1, Math.floor(minted.length / mostInOneFile))
  const chosen = new Map(minted.filter((_, n) => n % step === 0).map(({ id, text }) => [id, text]))
  const { rows } = await db.$client.query<{
    id: string
    storeId: string
    state: 'good' | 'revoked' | 'expired'
  }>(
    `select tokens.id, tokens.store_id as "storeId",
       case when revocations.token_id is not null then 'revoked' when expires_at <= now() then 'expired' else 'good' end as "state"
     from tokens left join revocations on revocations.token_id = tokens.id
     where tokens.id = any($1::uuid[]) order by md5(tokens.id::text)`,
    [[...chosen.keys()]],
  )
  const linesOf = (state: string) =>
    rows
      .filter((row) => row.state === state)
      .map((row) => [chosen.get(row.id) as string, row.storeId] as const)
  return {
    good: await write(join(folder, `good-${name}`), linesOf('good')),
    hot: await write(join(folder, `hot-${name}`), linesOf('good').slice(0, hotTokens)),
    revoked: await write(join(folder, `revoked-${name}`), linesOf('revoked')),
  }
}

/** Well-formed tokens that nobody has. */
export function writeUnknown(folder: string): Promise<Credentials> {
  return write(
    join(folder, 'unknown'),
    Array.from({ length: mostInOneFile }, () => [mintToken().text, 'yhst-10000000000000'] as const),
  )
}

/** Right but for the last character of the checksum: what costs most to tell. */
export function writeMalformed(folder: string): Promise<Credentials> {
  const spoilt = (text: string) => text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A')
  return write(
    join(folder, 'malformed'),
    Array.from({ length: mostInOneFile }, () => [spoilt(mintToken().text), 'yhst-10000000000000'] as const),
  )
}

export async function write(file: string, lines: readonly (readonly [token: string, store: string])[]) {
  if (lines.length === 0) throw new Error(`There is no token for ${file}.`)
  await writeFile(file, lines.map((line) => line.join('\t')).join('\n'))
  return { file, tokens: lines.map(([token]) => token) }
}
