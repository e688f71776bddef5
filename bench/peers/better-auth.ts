import { createServer } from 'node:http'
import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import pg from 'pg'
import { listen } from '../gateway/servers/listen.ts'

// better-auth's check of an API key, its own rate limit off. The check is for servers only and has no route
// of its own: the least that can be put before it is node:http.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 })
const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'a secret of the benchmark, and of nothing else',
  database: pool,
  emailAndPassword: { enabled: true },
  logger: { disabled: true },
  telemetry: { enabled: false },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
})
await (await getMigrations(auth.options)).runMigrations()
const { user } = await auth.api.signUpEmail({
  body: { email: 'bench@bench.example', name: 'Bench', password: 'only for the benchmark' },
})
// Its row is the model of the others, which the benchmark copies in one statement.
await auth.api.createApiKey({ body: { userId: user.id, name: 'model' } })

listen(
  createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { key } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const answer = JSON.stringify(await auth.api.verifyApiKey({ body: { key } }))
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(answer),
    })
    response.end(answer)
  }),
)
