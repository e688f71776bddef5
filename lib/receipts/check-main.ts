import { readFile } from 'node:fs/promises'
import { connect } from '#db/client.ts'
import { readCheckpoint } from '../process/checkpoints.ts'
import { readSigners } from '../process/note-signers.ts'
import { createLogCheck, faultInWords } from './check.ts'
import { createLogCopy } from './copy.ts'
import { differenceOf, standingOf } from './standing.ts'

/** `npm run db:check-log -- FILE…`: docs/operating.md. Each file is a receipt or a checkpoint that somebody kept. */
const { DATABASE_URL: url, LOG_COPY: copy, RECEIPT_KEYS: keys } = process.env
const [, , ...files] = process.argv
if (!url) fail('DATABASE_URL names the database.')
const db = connect({
  url,
  applicationName: 'partner-tokens check',
  maxConnections: 1,
  queryTimeoutMs: 600_000,
})
try {
  const check = createLogCheck(db, { signers: keys ? readSigners(keys) : [] })
  let [looked, faults, isEnd] = [0, 0, false]
  while (!isEnd) {
    const step = await check.next()
    for (const fault of step.faults) console.log(faultInWords(fault))
    looked += step.looked
    faults += step.faults.length
    isEnd = step.isEnd
  }
  for (const { where, checkpoint } of await listKept()) {
    const head = readCheckpoint(checkpoint)
    if (!head) fail(`${where} is no receipt and no checkpoint.`)
    const standing = await standingOf(db, head)
    if (standing.is === 'holds') continue
    console.log(differenceOf(standing, head.size, where))
    faults += 1
  }
  console.log(
    `${looked} entries of the log were held against the record: ${faults === 0 ? 'all is as it was' : `${faults} differ`}.`,
  )
  process.exitCode = faults === 0 ? 0 : 1
} catch (error) {
  const { message, cause } = error as Error
  fail(cause instanceof Error ? cause.message : message)
} finally {
  await db.$client.end()
}

async function listKept(): Promise<{ where: string; checkpoint: string }[]> {
  const kept = files.map(async (file) => {
    const text = await readFile(file, 'utf8')
    const isReceipt = text.startsWith('c2sp.org/tlog-proof@')
    return { where: file, checkpoint: isReceipt ? text.slice(text.indexOf('\n\n') + 2) : text }
  })
  const { checkpoint } = copy ? await createLogCopy(copy).readEnd() : { checkpoint: undefined }
  return [...(await Promise.all(kept)), ...(checkpoint ? [{ where: 'its copy', checkpoint }] : [])]
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
