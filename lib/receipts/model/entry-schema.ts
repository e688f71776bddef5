import { z } from 'zod'
import { cutOffReasons } from '#db/schema/cut-offs.ts'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { cuttingSides, endingSides, reasons, sides } from '#db/schema/revocations.ts'

const version = z.literal(1)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const at = z.iso.datetime()
const count = z.int().min(0)
const number = z.int().min(1)

/** What stands in the text of a leaf, as `textOfEntry` writes it. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    version,
    kind: z.literal('revocation'),
    token: hash,
    side: z.enum(endingSides),
    reason: z.enum(reasons).nullable(),
    at,
  }),
  z.object({
    ...{ version, kind: z.literal('proof'), token: hash, gateways: count, refused: count, accepting: count },
    ...{ refusedAfterMs: count.nullable(), at },
  }),
  z.object({
    ...{
      version,
      kind: z.literal('cut-off'),
      cutOff: hash,
      store: z.string().nullable(),
      partner: z.string().nullable(),
    },
    ...{ side: z.enum(cuttingSides), reason: z.enum(cutOffReasons), at },
  }),
  z.object({
    ...{
      version,
      kind: z.literal('pause'),
      token: hash,
      number,
      side: z.enum(sides),
      reason: z.enum(pauseReasons).nullable(),
    },
    ...{ at, until: at, endsAs: z.enum(pauseEnds) },
  }),
  z.object({ version, kind: z.literal('resume'), token: hash, number, side: z.enum(sides), at }),
])

export type Entry = z.output<typeof entrySchema>
