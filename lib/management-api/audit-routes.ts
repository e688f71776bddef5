import { z } from 'zod'
import { auditActions } from '#db/schema/audit-events.ts'
import { sides } from '#db/schema/revocations.ts'
import type { Side } from '../access/actor.ts'
import { type RecordedEvent, readRecord } from '../audit/read-record.ts'
import { ok, type Result, refuse } from '../result.ts'
import { csvLines } from '../text/csv.ts'
import { writeApiCursor } from './cursors.ts'
import { iso, moment, person, personOf } from './fields.ts'
import { type ApiRefusal, onlyKnown, placed, type Reading, type StreamingRoute } from './route.ts'
import { actorKinds, detailsOf } from './token-json.ts'

export const auditEntrySchema = z
  .object({
    cursor: z.string().describe('For `after`: what comes behind this line.'),
    ...{ at: moment, action: z.enum(auditActions), from: z.enum(sides).nullable() },
    ...{ actor: actorKinds, by: person },
    address: z.string().nullable().describe('Of the own side only.'),
    ...{ reason: z.string().nullable(), note: z.string().nullable() },
    ...{ storeId: z.string().nullable(), partnerId: z.string().nullable(), tokenId: z.uuid().nullable() },
    details: z.record(z.string(), z.string()),
  })
  .meta({ id: 'AuditEntry', description: 'One line of the record: what was done, by whom, when and why.' })
type Entry = z.input<typeof auditEntrySchema>

const list = 'audit'
const parameters = z.object({
  after: z
    .string()
    .optional()
    .describe('`cursor` of the last line that you have. Left out: from the beginning.'),
})

async function entriesOf({
  caller,
  params: { after, ...rest },
  db,
}: Reading): Promise<Result<AsyncGenerator<Entry[]>, ApiRefusal>> {
  const known = onlyKnown(rest, [])
  if (!known.ok) return known
  const from = placed(list, after)
  if (!from.ok) return from
  if (from.value !== undefined && !/^\d{1,15}$/.test(from.value)) return refuse({ problem: 'cursor-invalid' })
  const record = await readRecord(caller.actor, { after: Number(from.value ?? 0) }, { db })
  if (!record.ok)
    return refuse({ problem: 'unavailable', why: 'The record is being written.', waitSeconds: 5 })
  return ok(entriesIn(record.value, caller.actor.side))
}

async function* entriesIn(batches: AsyncGenerator<RecordedEvent[]>, side: Side): AsyncGenerator<Entry[]> {
  for await (const batch of batches) yield batch.map((event) => entryOf(event, side))
}

export const auditRoutes: StreamingRoute[] = [
  {
    ...{
      method: 'GET',
      path: '/audit.ndjson',
      scope: 'audit',
      query: parameters,
      problems: ['cursor-invalid'],
    },
    operationId: 'readAudit',
    summary:
      'The record, the oldest first: each line is an `AuditEntry`. Whoever breaks off goes on behind the last line.',
    type: 'application/x-ndjson',
    async stream(asked) {
      const entries = await entriesOf(asked)
      return entries.ok ? ok(linesOf(entries.value)) : entries
    },
  },
  {
    ...{ method: 'GET', path: '/audit.csv', scope: 'audit', query: parameters, problems: ['cursor-invalid'] },
    operationId: 'readAuditAsCsv',
    summary:
      'The same for spreadsheets, with a line of names first. A text that they would run gets an apostrophe before it.',
    type: 'text/csv',
    async stream(asked) {
      const entries = await entriesOf(asked)
      return entries.ok ? ok(csvOf(entries.value)) : entries
    },
  },
]

async function* linesOf(entries: AsyncGenerator<Entry[]>): AsyncGenerator<string> {
  for await (const batch of entries) yield batch.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

const columns: [name: string, cell: (entry: Entry) => string | null][] = [
  ...(['at', 'action', 'from', 'actor'] as const).map(
    (name) => [name, (entry: Entry) => entry[name]] as [string, (entry: Entry) => string | null],
  ),
  ['byName', ({ by }) => by.name],
  ['byEmail', ({ by }) => by.email],
  ['byRole', ({ by }) => by.role],
  ...(['address', 'reason', 'note', 'storeId', 'partnerId', 'tokenId'] as const).map(
    (name) => [name, (entry: Entry) => entry[name]] as [string, (entry: Entry) => string | null],
  ),
  ['details', ({ details }) => (Object.keys(details).length > 0 ? JSON.stringify(details) : null)],
  ['cursor', ({ cursor }) => cursor],
]

async function* csvOf(entries: AsyncGenerator<Entry[]>): AsyncGenerator<string> {
  yield csvLines([columns.map(([name]) => name)])
  for await (const batch of entries)
    yield csvLines(batch.map((entry) => columns.map(([, cell]) => cell(entry))))
}

function entryOf(event: RecordedEvent, side: Side): Entry {
  const isOwn = event.side === side
  return {
    cursor: writeApiCursor(list, `${event.id}`) ?? '',
    ...{ at: iso(event.occurredAt), action: event.action, from: event.side, actor: event.actorKind },
    by:
      event.actorKind === 'operator'
        ? personOf(null, null, null)
        : personOf(event.userName, event.userEmail, event.userRole),
    address: isOwn ? event.address : null,
    ...{ reason: event.reason, note: event.note },
    ...{ storeId: event.storeId, partnerId: event.partnerId, tokenId: event.tokenId },
    // Of what others did, what pages say of it.
    details: isOwn ? (event.details ?? {}) : detailsOf(event),
  }
}
