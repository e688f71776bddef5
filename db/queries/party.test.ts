import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { tokens } from '../schema/tokens.ts'
import { forOwnSide, inScope, inTokenScope } from './party.ts'

const store = { side: 'merchant', storeId: 'harbor-lights' } as const
const partner = { side: 'partner', partnerId: 'ypa-005259400001' } as const
const written = (condition: SQL) => {
  const { sql, params } = new PgDialect().sqlToQuery(condition)
  return { sql, params }
}

test('the scope is the column of the side, and the id of the one who asks', () => {
  expect(written(inScope(store, tokens))).toEqual({
    sql: '"tokens"."store_id" = $1',
    params: [store.storeId],
  })
  expect(written(inScope(partner, tokens))).toEqual({
    ...{ sql: '"tokens"."partner_id" = $1', params: [partner.partnerId] },
  })
})

test('one token reaches itself, a party what is in its scope', () => {
  const tokenId = '01900000-0000-7000-8000-000000000001'
  expect(written(inTokenScope({ tokenId }))).toEqual({ sql: '"tokens"."id" = $1', params: [tokenId] })
  expect(written(inTokenScope(partner))).toEqual(written(inScope(partner, tokens)))
})

test('an address is shown to the side that its account belongs to, and to no program', () => {
  const shown = (scope: Parameters<typeof forOwnSide>[0]) => written(forOwnSide(scope, sql`side`, sql`email`))
  const text = 'case when side = $1::text then email end'
  expect(shown(store)).toEqual({ sql: text, params: ['merchant'] })
  expect(shown({ tokenId: 'one' })).toEqual({ sql: text, params: [null] })
})
