import { z } from 'zod'

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback)

const schema = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'the address of a PostgreSQL database: postgres://user:password@host:5432/name',
  }),
  NEXTAUTH_SECRET: z
    .string('32 random characters or more, the same on every web server')
    .min(32, 'must have 32 characters or more')
    .optional(),
  NEXTAUTH_URL: z.url('the address that people type, such as https://tokens.example.com').optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(3000),
  GATEWAY_PORT: port(3001),
  /** Addresses and networks, comma-separated, whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.string().default(''),
  /** `id:secret`, comma-separated: who may ask /introspect. */
  INTROSPECTION_CLIENTS: z.string().default(''),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().min(1).default('single sign-on'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DEMO: z.enum(['0', '1']).default('0'),
})

export type Env = z.output<typeof schema>

let parsed: Env | undefined

/** The environment, read and checked once. Throws one message that names every variable that is wrong. */
export function env(): Env {
  parsed ??= readEnv(process.env)
  return parsed
}

export function readEnv(source: Record<string, string | undefined>): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = schema.safeParse(set)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`)
}
