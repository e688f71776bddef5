import { z } from 'zod'
import { tokenRefusal } from '../text/cleaned-text.ts'
import { cutEnds, isUnseen } from '../text/cut-ends.ts'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'
import { holdsToken } from '../text/token-in-text.ts'
import { webhookKinds } from './kinds.ts'
import { maxUrlLength } from './limits.ts'

/** An address of one line: what a program would leave out of it, such as a line break, is not left out in silence. */
export const url = z
  .string('Type the address.')
  .transform((typed) => cutEnds(typed.toWellFormed(), isUnseen))
  .pipe(
    z
      .string()
      .min(1, 'Type the address that events are sent to.')
      .max(maxUrlLength, { error: `Use ${maxUrlLength} characters at most.`, abort: true })
      .regex(/^[^\s\p{C}\p{Default_Ignorable_Code_Point}]*$/u, {
        error: 'There are spaces, or characters that cannot be seen, inside the address. Type it anew.',
        abort: true,
      })
      .refine((text) => !holdsToken(text), {
        error: tokenRefusal('Everybody at this store or partner, and the program that is sent events,'),
        abort: true,
      })
      // Kept as it is sent, where one letter may become nine characters.
      .refine((text) => (URL.parse(text)?.href.length ?? 0) <= maxUrlLength, {
        message: `Written as it is sent, with %C3%BC for ü, the address is longer than ${maxUrlLength} characters. Shorten it.`,
      }),
  )
export const kinds = z
  .array(z.enum(webhookKinds, outOfDate), outOfDate)
  .min(1, 'Tick at least one kind of event.')
  .max(100, outOfDate)
  .transform((list) => [...new Set(list)])
const endpointId = rowIdSchema

/** What the forms of the webhook pages send. */
export const webhookActionSchema = z.discriminatedUnion(
  'verb',
  [
    z.object({ verb: z.literal('add'), url, kinds }),
    z.object({ verb: z.literal('change'), endpointId, url, kinds }),
    z.object({ verb: z.literal('roll'), endpointId }),
    z.object({ verb: z.literal('disable'), endpointId }),
    z.object({ verb: z.literal('enable'), endpointId }),
    z.object({ verb: z.literal('remove'), endpointId }),
    z.object({ verb: z.literal('test'), endpointId }),
    z.object({ verb: z.literal('redeliver'), deliveryId: rowIdSchema }),
  ],
  outOfDate,
)

export type WebhookInput = z.output<typeof webhookActionSchema>
export type WebhookVerb = WebhookInput['verb']
