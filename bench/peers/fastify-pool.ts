import { createHash } from 'node:crypto'
import { fastify } from 'fastify'
import pg from 'pg'
import { listen } from '../gateway/servers/listen.ts'

// What one would write first: Fastify, a pool of connections, one prepared look-up a request.
const statement = `
  select tokens.id, tokens.store_id, tokens.partner_id, partner_access.apis, stores.package,
    tokens.created_at, tokens.expires_at, tokens.expires_at <= now() as expired, revocations.token_id is not null as revoked
  from tokens
  join partner_access on partner_access.store_id = tokens.store_id and partner_access.partner_id = tokens.partner_id
  join stores on stores.id = tokens.store_id
  left join revocations on revocations.token_id = tokens.id
  where tokens.hash = $1`
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 })
const app = fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
  done(null, new URLSearchParams(body))
})
app.post('/introspect', async (request, reply) => {
  if (request.headers.authorization !== process.env.AUTHORIZATION) return reply.code(401).send()
  const token = (request.body as URLSearchParams).get('token') ?? ''
  const hash = createHash('sha256').update(token).digest()
  const { rows } = await pool.query({ name: 'look-up', text: statement, values: [hash] })
  const [row] = rows
  return row && !row.expired && !row.revoked ? { active: true, ...row } : { active: false }
})
await app.ready()
listen(app.server)
