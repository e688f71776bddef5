import { open, readFile } from 'node:fs/promises'
import { connect } from '#db/client.ts'
import { reapplyFromLog } from '../tokens/reapply-revocations.ts'
import { replayCopy } from './replay.ts'

/** `npm run db:replay -- FILE…`: docs/backup.md. Each file is the log's copy or lines that processes logged. */
const { DATABASE_URL: url, LOG_COPY: copy } = process.env
const [, , ...given] = process.argv
const files = given.length > 0 ? given : copy ? [copy] : []
if (files.length === 0 || !url)
  fail('Say which files: npm run db:replay -- FILE…, or set LOG_COPY. DATABASE_URL names the database.')
const db = connect({
  url,
  applicationName: 'partner-tokens replay',
  maxConnections: 1,
  queryTimeoutMs: 600_000,
})
try {
  // The copy has the log itself: what it tells of is not to be appended a second time.
  const isCopy = new Map(
    await Promise.all(files.map(async (file) => [file, await beginsAsCopy(file)] as const)),
  )
  for (const file of files.toSorted((a, b) => Number(isCopy.get(b)) - Number(isCopy.get(a))))
    console.log(`${file}: ${await (isCopy.get(file) ? putBack(file) : applyLines(file))}`)
} catch (error) {
  const { message, cause } = error as Error
  fail(`Nothing was applied: ${cause instanceof Error ? cause.message : message}`)
} finally {
  await db.$client.end()
}

async function putBack(file: string): Promise<string> {
  const result = await replayCopy(file, { db })
  if (!result.ok) fail(`Nothing was applied. ${result.refusal}`)
  const { entries, revocations, cutOffs, pauses, resumes, unknown, torn } = result.value
  return `${entries} entries were put back into the log. ${revocations} tokens were revoked now, ${cutOffs} cut-offs applied, ${pauses} tokens paused and ${resumes} resumed; ${unknown} entries are of tokens that are not in this database.${torn ? ` ${torn} lines were torn, and nothing is missing for it.` : ''}`
}

async function applyLines(file: string): Promise<string> {
  const result = await reapplyFromLog(await readFile(file, 'utf8'), { db })
  if (!result.ok) fail(`Nothing was applied. ${result.refusal}`)
  const { revoked, already, unknown, cutOffs, pauses, resumes } = result.value
  return `${revoked} tokens were revoked now; ${already} were revoked before, ${unknown} are not in this database. ${cutOffs} cut-offs were applied now. ${pauses} tokens were paused again, ${resumes} resumed again.`
}

async function beginsAsCopy(file: string): Promise<boolean> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    return /^\{"(?:index|checkpoint)":/.test(buffer.toString('latin1', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
