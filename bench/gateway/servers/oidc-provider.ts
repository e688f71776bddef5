import { createServer } from 'node:http'
import Provider, { type Adapter } from 'oidc-provider'
import pg from 'pg'
import { listen } from './listen.ts'

// oidc-provider's introspection of opaque access tokens that stand in PostgreSQL: one prepared query a look-up.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 })

const adapter = (model: string): Adapter => ({
  async find(id) {
    const { rows } = await pool.query<{ payload: object }>({
      name: 'find',
      text: 'select payload from bench_oidc_tokens where model = $1 and id = $2',
      values: [model, id],
    })
    return rows[0]?.payload
  },
  upsert: async () => {},
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
})

const [id = '', secret = ''] = (process.env.CLIENT ?? '').split(':')
const provider = new Provider('http://127.0.0.1', {
  adapter,
  clients: [
    {
      client_id: id,
      client_secret: secret,
      redirect_uris: [],
      response_types: [],
      grant_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  features: {
    introspection: { enabled: true, allowedPolicy: async () => true },
    devInteractions: { enabled: false },
  },
})
listen(createServer(provider.callback()))
