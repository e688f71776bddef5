import { z } from 'zod'
import { typedName } from '../text/cleaned-text.ts'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'
import { lifetimeDays, maxCredentialName, maxNetworks, offeredScopes } from './limits.ts'
import { readNetwork } from './networks.ts'

const name = typedName({
  missing: 'Give it a name: what the program is, or where it runs.',
  maxLength: maxCredentialName,
  readers: 'Everybody at this store or partner, and whoever sees what it did,',
})

const scopes = z
  .array(z.enum(offeredScopes, outOfDate), outOfDate)
  .min(1, 'Tick at least one thing that it may do.')
  .max(20, outOfDate)
  .transform((list) => [...new Set(list)])

const lifetime = z
  .enum(
    lifetimeDays.map((days) => `${days}` as const),
    'Choose when it ends.',
  )
  .transform(Number)

const longestTyped = 5_000

/** One a line, or with commas between; each as the database keeps it. */
const networks = z
  .string('Type this as text.')
  .max(longestTyped, { error: 'That is too long. Use fewer, larger networks.', abort: true })
  .transform((typed, { addIssue }) => {
    const read = new Set<string>()
    for (const one of typed.split(/[\s,;]+/).filter((part) => part !== '')) {
      const network = readNetwork(one)
      if (network.ok) read.add(network.value)
      else addIssue({ code: 'custom', message: whyNot(one.slice(0, 60), network.refusal) })
    }
    return [...read]
  })
  .refine((list) => list.length <= maxNetworks, `Use ${maxNetworks} addresses and networks at most.`)

function whyNot(typed: string, refusal: Extract<ReturnType<typeof readNetwork>, { ok: false }>['refusal']) {
  switch (refusal.kind) {
    case 'no-network':
      return `“${typed}” is no address and no network, such as 203.0.113.7 or 203.0.113.0/24.`
    case 'has-host-bits':
      return `“${typed}” is an address inside a network. Type ${refusal.meant} for the network, or the address without what follows the slash.`
  }
}

/** What the forms of the page of service credentials send. */
export const credentialActionSchema = z.discriminatedUnion(
  'verb',
  [
    z.object({ verb: z.literal('make'), name, scopes, lifetimeDays: lifetime, networks }),
    z.object({ verb: z.literal('revoke'), credentialId: rowIdSchema }),
  ],
  outOfDate,
)

export type CredentialInput = z.output<typeof credentialActionSchema>
export type CredentialVerb = CredentialInput['verb']
