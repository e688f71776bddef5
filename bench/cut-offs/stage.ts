import { join } from 'node:path'
import { connect, type Database } from '#db/client.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { addPartnerMember, buildPartner, buildStore, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { seedTokens } from '#tools/seed/many-tokens.ts'
import type { FilledDatabase } from '../filled-databases.ts'
import { type Credentials, write } from '../gateway/credentials.ts'

const tokensOfOther = 200

/** Good calls go on with the tokens of another partner: nobody cuts them off. */
export async function addOtherPartner(owner: Database, folder: string): Promise<Credentials> {
  const [user, store, partner] = [await buildUser(owner), await buildStore(owner), await buildPartner(owner)]
  await addPartnerMember(owner, { partner, user, role: 'owner' })
  await grantAccess(owner, { store, partner })
  const texts: string[] = []
  await seedTokens(owner, {
    ...{ count: tokensOfOther, seed: 'good calls', states: ['live'] as const, record: 'facts-only' as const },
    pairs: [{ storeId: store.id, partnerId: partner.id }],
    revokedBy: { side: 'merchant', by: user },
    mint(random) {
      const { text, ...secret } = mintToken(random)
      texts.push(text)
      return secret
    },
  })
  return write(
    join(folder, 'good-calls'),
    texts.map((text) => [text, store.id] as const),
  )
}

export const ownerOf = ({ ownerUrl }: FilledDatabase) =>
  connect({
    url: ownerUrl,
    applicationName: 'bench',
    role: 'owner',
    maxConnections: 2,
    queryTimeoutMs: 600_000,
  })
