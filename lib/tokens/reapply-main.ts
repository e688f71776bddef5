import { readFile } from 'node:fs/promises'
import { connect } from '#db/client.ts'
import { reapplyFromLog } from './reapply-revocations.ts'

/** `npm run db:reapply-revocations -- FILE`: docs/backup.md. */
const [file] = process.argv.slice(2)
const url = process.env.DATABASE_URL
if (!file || !url)
  fail('Say which log: npm run db:reapply-revocations -- FILE. DATABASE_URL names the database.')
const db = connect({
  url,
  applicationName: 'partner-tokens reapply',
  maxConnections: 1,
  queryTimeoutMs: 600_000,
})
try {
  const result = await reapplyFromLog(await readFile(file, 'utf8'), { db })
  if (!result.ok) fail(`Nothing was applied. ${result.refusal}`)
  const { revoked, already, expired, unknown, cutOffs, pauses, resumes } = result.value
  console.log(
    `${revoked} tokens were revoked now; ${already} were revoked before, ${expired} have expired, ${unknown} are not in this database. ${cutOffs} cut-offs were applied now. ${pauses} tokens were paused again, ${resumes} resumed again.`,
  )
} catch (error) {
  const { message, cause } = error as Error
  fail(`Nothing was applied: ${cause instanceof Error ? cause.message : message}`)
} finally {
  await db.$client.end()
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
