import { z } from 'zod'
import { cutOffReasons } from '#db/schema/cut-offs.ts'
import { endingSides } from '#db/schema/revocations.ts'
import { type CutOffRefusal, cutOff } from '../cut-offs/cut-off.ts'
import { type CutOffEntry, findCutOffEntry, readCutOffPage } from '../cut-offs/list.ts'
import { ok, refuse } from '../result.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { saysWhy } from '../tokens/model/reason-note.ts'
import { hasNoteOnlyForOther, note, onlyOther, saysWhyOfOther } from './changes.ts'
import { nextCursor, writeApiCursor } from './cursors.ts'
import { iso, isoOrNull, moment, person, personOf } from './fields.ts'
import { pageParameters } from './parameters.ts'
import { party } from './party-json.ts'
import {
  type ApiRefusal,
  type ChangeRoute,
  changeRoute,
  onlyKnown,
  type ReadingRoute,
  readPlain,
} from './route.ts'

const cutOffSchema = z
  .object({
    id: z.uuid(),
    store: party.nullable().describe('Null: all stores of the partner.'),
    partner: party.nullable().describe('Null: all partners of the store.'),
    at: moment.describe('What was issued up to then is revoked; what is issued later lives.'),
    from: z.enum(endingSides),
    by: person,
    reason: z.enum(cutOffReasons),
    note: z.string().nullable(),
    progress: z
      .number()
      .min(0)
      .max(1)
      .describe('How much of it is written down token by token. Every token is refused from `at` on.'),
    tokens: z
      .int()
      .nullable()
      .describe('How many it ended. Null: not counted yet, or not all of them are yours.'),
    recordedAt: moment.nullable().describe('Since when all of it is written down.'),
  })
  .meta({ id: 'CutOff', description: 'All tokens of a store, of a partner or of both, revoked at once.' })

const idOfCutOff = z.object({ id: z.uuid().describe('Of the cut-off.') })
const listName = 'cut-offs'

export const cutOffRoutes: ReadingRoute[] = [
  {
    ...{ method: 'GET', path: '/cut-offs', scope: 'read', query: pageParameters },
    operationId: 'listCutOffs',
    summary: 'Cut-offs that concern the store or partner, the last one first.',
    problems: ['cursor-invalid'],
    schema: z.object({ cutOffs: z.array(cutOffSchema), next: nextCursor }),
    async answer({ caller: { actor }, params, db }) {
      const read = readPlain(listName, params)
      if (!read.ok) return read
      const { size, after } = read.value
      const page = await readCutOffPage(actor, { after }, { db, size })
      if (!page) return refuse({ problem: 'cursor-invalid' })
      return ok({ cutOffs: page.rows.map(cutOffJson), next: writeApiCursor(listName, page.next) })
    },
  },
  {
    ...{ method: 'GET', path: '/cut-offs/{id}', scope: 'read', pathParameters: idOfCutOff },
    operationId: 'getCutOff',
    summary: 'One cut-off, and how far it is written down.',
    ...{ problems: ['not-found'], schema: cutOffSchema },
    async answer({ caller: { actor }, path: [given], params, db }) {
      const none = onlyKnown(params, [])
      if (!none.ok) return none
      const id = rowIdSchema.safeParse(given)
      const found = id.success ? await findCutOffEntry(actor, { cutOffId: id.data }, { db }) : null
      return found ? ok(cutOffJson(found)) : refuse({ problem: 'not-found' })
    },
  },
]

const fields = {
  name: z
    .string()
    .min(1)
    .max(500)
    .describe('What the store or partner whose tokens end is called, as a person types it to confirm.'),
  reason: z.enum(cutOffReasons),
  note,
}

export const cutOffChanges: ChangeRoute[] = [
  changeRoute({
    ...{ path: '/cut-offs', scope: 'cut-off' },
    operationId: 'cutOff',
    summary:
      'Revokes at once every token that was issued up to now: with one partner or store, or all there are.',
    problems: ['not-found', 'name-differs'],
    example: { of: 'pair', otherId: 'ypa-005259400001', name: 'Parcel Pilot, Inc.', reason: 'exposed' },
    body: z.discriminatedUnion('of', [
      z
        .strictObject({
          of: z.literal('pair'),
          otherId: z
            .string()
            .regex(/^[A-Za-z0-9-]{1,50}$/)
            .describe('Of the partner, where a store asks; of the store, where a partner does.'),
          ...fields,
        })
        .refine(saysWhy, saysWhyOfOther)
        .refine(hasNoteOnlyForOther, onlyOther),
      z
        .strictObject({ of: z.literal('everything'), ...fields })
        .refine(saysWhy, saysWhyOfOther)
        .refine(hasNoteOnlyForOther, onlyOther),
    ]),
    schema: z.object({
      cutOffId: z.uuid(),
      at: moment,
      ended: z
        .enum(['some', 'none', 'unknown'])
        .describe(
          'Whether there was a live token. `none`: `cutOffId` is the one that had ended them before.',
        ),
    }),
    async change({ actor, requestId, db, address }, { of, ...cause }) {
      // Sent again, it ends nothing that was issued since the first time.
      const done = await cutOff(actor, { ...cause, cutOffId: requestId }, { db, address })
      if (!done.ok) return refuse(problemOfCutOff(done.refusal))
      const { cutOffId, at, ended } = done.value
      return ok({ cutOffId, at: iso(at), ended })
    },
  }),
]

function problemOfCutOff(refusal: CutOffRefusal): ApiRefusal {
  if (typeof refusal === 'object')
    return {
      ...{ problem: 'quota-exceeded', waitSeconds: refusal.waitSeconds },
      why: 'This store or partner has cut off as often as it may in an hour.',
      more: { 'violated-policies': ['cut-offs'] },
    }
  switch (refusal) {
    case 'signed-out':
      return { problem: 'credential-revoked' }
    case 'not-allowed':
      return { problem: 'scope-missing' }
    case 'not-found':
    case 'name-differs':
      return { problem: refusal }
    case 'older-gateways':
      return { problem: 'unavailable', waitSeconds: 60 }
  }
}

function cutOffJson(one: CutOffEntry): z.input<typeof cutOffSchema> {
  const { id, storeId, storeName, partnerId, partnerName, at, from, reason, note, progress, counted } = one
  return {
    id,
    store: storeId === '' ? null : { id: storeId, name: storeName },
    partner: partnerId === '' ? null : { id: partnerId, name: partnerName },
    ...{ at: iso(at), from, by: personOf(one.by, one.byEmail, one.byRole), reason, note, progress },
    ...{ tokens: counted?.tokens ?? null, recordedAt: isoOrNull(one.finishedAt) },
  }
}
