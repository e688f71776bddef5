import type { Database } from '../client.ts'
import type { apis } from '../schema/partner-access.ts'
import type { packages } from '../schema/stores.ts'

export type LookedUpToken = {
  /** SHA-256 of the token's text, in hexadecimal. */
  hash: string
  tokenId: string
  storeId: string
  partnerId: string
  apis: (typeof apis)[number][]
  package: (typeof packages)[number]
  createdAt: Date
  expiresAt: Date
  revoked: boolean
  /** By the database's clock. */
  expired: boolean
}

/** Every column is as of this statement's own snapshot, and so is the clock that judges the expiry. */
const statement = `
  select encode(tokens.hash, 'hex') as "hash",
    tokens.id as "tokenId", tokens.store_id as "storeId", tokens.partner_id as "partnerId",
    partner_access.apis, stores.package,
    tokens.created_at as "createdAt", tokens.expires_at as "expiresAt",
    revocations.token_id is not null as "revoked",
    tokens.expires_at <= statement_timestamp() as "expired"
  from tokens
  join partner_access on partner_access.store_id = tokens.store_id and partner_access.partner_id = tokens.partner_id
  join stores on stores.id = tokens.store_id
  left join revocations on revocations.token_id = tokens.id
  where tokens.hash = any($1::bytea[])`

/**
 * What is known of the tokens with these hashes (32 bytes each); a hash that is nobody's has no row.
 * Throws what pg throws. On a time-out the pool destroys the connection (pg-pool, `release(error)`).
 */
export async function lookUpTokens(db: Database, hashes: Buffer[]): Promise<LookedUpToken[]> {
  // A named statement is parsed and planned once a connection; drizzle would build its text every time.
  const { rows } = await db.$client.query<LookedUpToken>({
    name: 'look-up-tokens',
    text: statement,
    values: [hashes],
  })
  return rows
}
