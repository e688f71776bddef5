import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { applicationSchema, approvalSchema, declineSchema } from '#lib/applications/schemas.ts'
import { formatsSchema } from '#lib/auth/formats.ts'
import { emailSchema, nameSchema, newPasswordSchema } from '#lib/auth/schemas.ts'
import { cutOffSchema, operatorCutOffSchema } from '#lib/cut-offs/schemas.ts'
import { memberActionSchema } from '#lib/members/schemas.ts'
import { wantedMailsSchema } from '#lib/notifications/mail-choices.ts'
import { additionSchema, changeSchema, removalSchema } from '#lib/partners/schemas.ts'
import { issueSchema, oneTokenSchema, renewalSchema, revocationSchema } from '#lib/tokens/model/schemas.ts'
import { webhookActionSchema } from '#lib/webhooks/schemas.ts'
import { anyText } from '#tools/test-run/any-text.ts'
import { readInput } from './read-input.ts'

const schemas = {
  applicationSchema,
  approvalSchema,
  cutOffSchema,
  operatorCutOffSchema,
  declineSchema,
  formatsSchema,
  memberActionSchema,
  additionSchema,
  changeSchema,
  removalSchema,
  issueSchema,
  oneTokenSchema,
  renewalSchema,
  revocationSchema,
  webhookActionSchema,
  newPasswordSchema,
  ofAPerson: z.object({ email: emailSchema, name: nameSchema, wanted: wantedMailsSchema }),
}

const fieldNames = [
  ...[
    'action',
    'email',
    'role',
    'name',
    'url',
    'kinds',
    'note',
    'reason',
    'tokenIds',
    'until',
    'timeZone',
    'retire',
    'retireOn',
  ],
  ...[
    'company',
    'address',
    'contact',
    'phone',
    'description',
    'answer',
    'applicationId',
    'partnerId',
    'apis',
    'before',
    'wanted',
  ],
  ...[
    'endpointId',
    'deliveryId',
    'invitationId',
    'userId',
    'tokenId',
    'language',
    'password',
    'again',
    'extent',
    'siblingsUntil',
    'otherId',
    'cutOffId',
    'of',
    'id',
  ],
]
const words = [
  'invite',
  'add',
  'change',
  'redeliver',
  'other',
  'on-date',
  'owner',
  'en-GB',
  'UTC',
  'Etc/Unknown',
  '2027-02-30',
  '',
  '\0',
  '\ud800',
]
const value = fc.oneof(
  fc.constantFrom(...words),
  anyText(),
  fc.constantFrom<unknown>(null, undefined, 7, Number.NaN, {}, [], new File(['x'], 'name.txt')),
  fc.array(fc.constantFrom<unknown>('', 'x', 'order', new File([''], ''), null), { maxLength: 3 }),
)

/** How the schema library words it, in its own sentences. */
const rawWords =
  /invalid|expected|received|discriminator|\boption|\binput\b|required|too (small|big)|object|undefined|NaN|regex|pattern|uuid/i

test.each(Object.entries(schemas))(
  'whatever %s is sent, what is wrong is said in sentences of ours',
  (_name, schema) => {
    const input = fc.oneof(value, fc.dictionary(fc.constantFrom(...fieldNames), value, { maxKeys: 20 }))
    fc.assert(
      fc.property(input, (sent) => {
        const read = readInput(schema, sent)
        if (read.ok) return
        for (const sentence of Object.values(read.refusal.fields)) {
          expect(sentence).not.toMatch(rawWords)
          expect(sentence).toMatch(/^[A-Z].*[.]$/)
        }
      }),
      { numRuns: 300 },
    )
  },
)

test('a schema that has no sentence of its own gets one', () => {
  const bare = z.object({
    a: z.string().min(3),
    b: z.enum(['x']),
    c: z.discriminatedUnion('kind', [z.object({ kind: z.literal('x') })]),
    d: z.uuid(),
    e: z.array(z.number()),
  })
  const sentence = 'This page is out of date. Load it again, then try once more.'
  for (const sent of [{}, { a: '', b: 'y', c: { kind: 'y' }, d: 'x', e: ['x'] }]) {
    const read = readInput(bare, sent)
    expect(read.ok ? {} : read.refusal.fields).toEqual({
      a: sentence,
      b: sentence,
      c: sentence,
      d: sentence,
      e: sentence,
    })
  }
})

test('a file where text is expected is refused', () => {
  const file = new File(['x'], 'name.txt')
  for (const [schema, sent] of [
    [z.object({ name: nameSchema }), { name: file }],
    [z.object({ email: emailSchema }), { email: file }],
    [memberActionSchema, { action: 'invite', email: file, role: 'viewer' }],
    [webhookActionSchema, { action: 'add', url: file, kinds: ['token.revoked'] }],
    [revocationSchema, { tokenIds: [crypto.randomUUID()], reason: 'other', note: file }],
    [declineSchema, { applicationId: crypto.randomUUID(), answer: file }],
  ] as const) {
    expect(readInput<z.ZodType>(schema, sent).ok).toBe(false)
  }
})
