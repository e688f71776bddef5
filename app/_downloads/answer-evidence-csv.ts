import { operatorOf } from '#lib/access/operators.ts'
import { evidenceOf } from '#lib/cut-offs/evidence.ts'
import { findAnyCutOff } from '#lib/cut-offs/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { operatorCutOffEntryPath } from '../paths.ts'
import { answerCsv } from './answer-csv.ts'
import { evidenceColumns } from './columns.ts'
import { csvList } from './csv-list.ts'

/** What a cut-off ended at every store, for operators of the platform; nothing for everybody else. */
export function answerEvidenceCsv(request: Request, cutOffId: string): Promise<Response> {
  return answerCsv(request, operatorCutOffEntryPath(encodeURIComponent(cutOffId)), async (reader) => {
    const db = getDatabase()
    const id = rowIdSchema.safeParse(cutOffId).data
    const operator = await operatorOf(reader, { db })
    const cutOff = id && operator && (await findAnyCutOff(operator, { cutOffId: id }, { db }))
    return cutOff ? csvList('cut-off-evidence', evidenceColumns, evidenceOf(operator, cutOff)) : null
  })
}
