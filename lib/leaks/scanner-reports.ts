import { z } from 'zod'
import { listKnownHashes } from '#db/queries/tokens/leak-reports.ts'
import type { Database } from '../process/database.ts'
import { hexHashOf, readPresentedToken } from '../tokens/model/secret.ts'
import { type LeakReport, readReport } from './read-report.ts'

/** Matches of one message. */
const maxMatches = 20_000
const text = z.string().max(10_000)

/** What GitHub sends (secret scanning partner program): a match each. Where it was found may be left out. */
export const githubSchema = z
  .array(z.object({ token: text, type: text, url: text.nullish() }))
  .min(1)
  .max(maxMatches)
/** What GitLab sends (Token Revocation API). */
export const gitlabSchema = z
  .array(z.object({ type: text, token: text, location: text.nullish() }))
  .max(maxMatches)

type Match = { token: string; foundAt: string }

/** One report for each address at which something was found. */
export function reportsOf(matches: Match[]): LeakReport[] {
  const byPlace = Map.groupBy(matches, ({ foundAt }) => foundAt)
  return [...byPlace].map(([foundAt, here]) =>
    readReport({ texts: here.map(({ token }) => token), foundAt, words: '' }),
  )
}

/** As GitHub reads it: of the text of a token only its hash is sent back. */
export type Feedback = {
  token_hash: string
  token_type: string
  label: 'true_positive' | 'false_positive'
}

/**
 * Which of the matches are tokens that were issued here, whatever became of them since. For a sender who has proven to be one: to anybody else
 * nothing tells that.
 */
export async function feedbackOn(
  matches: z.output<typeof githubSchema>,
  { db }: { db: Database },
): Promise<Feedback[]> {
  const hashed = matches.map(({ token, type }) => ({
    ...{ type, hash: hexHashOf(token) },
    presented: readPresentedToken(token),
  }))
  const hashOf = ({ presented }: (typeof hashed)[number]) =>
    presented.ok ? hexHashOf(presented.value) : null
  const known = await listKnownHashes(
    db,
    hashed.flatMap((match) => hashOf(match) ?? []),
  )
  return hashed.map((match) => ({
    ...{ token_hash: match.hash, token_type: match.type },
    label: known.has(hashOf(match) ?? '') ? 'true_positive' : 'false_positive',
  }))
}
