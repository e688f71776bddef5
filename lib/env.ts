import { z } from 'zod'
import { readKeyring } from './keyring.ts'
import { readNetworks } from './webhooks/networks.ts'

const portNumber = z.coerce.number().int().min(1).max(65_535)
const port = (fallback: number) => portNumber.default(fallback)

const schema = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'the address of a PostgreSQL database: postgres://user:password@host:5432/name',
  }),
  NEXTAUTH_SECRET: z
    .string('32 random characters or more, the same on every web server')
    .min(32, 'must have 32 characters or more')
    .optional(),
  /** Where people reach the product, and links in mails begin: without a slash at the end. */
  NEXTAUTH_URL: z
    .url({
      protocol: /^https?$/,
      error: 'the address that people type, such as https://tokens.example.com',
      abort: true,
    })
    .refine((text) => new URL(text).href === `${new URL(text).origin}/`, {
      error: 'scheme, host and port only, such as https://tokens.example.com',
      abort: true,
    })
    .transform((text) => new URL(text).origin)
    .optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(3000),
  GATEWAY_PORT: port(3001),
  /** Addresses and networks, comma-separated, whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.string().default(''),
  /** `id:secret`, comma-separated: who may ask /introspect. */
  INTROSPECTION_CLIENTS: z.string().default(''),
  /** `id:store_id` or `id:partner_id`, comma-separated: what is the `username` that such a client is told. */
  INTROSPECTION_USERNAMES: z.string().default(''),
  /** Where accepted calls of the XML API go; unset: the small built-in store answers them. */
  STORE_ENGINE_URL: z
    .url({ protocol: /^https?$/, error: 'the address of the store engine: http(s)://host:port' })
    .optional(),
  /** Signs what the door tells the engine of a call; shared with the engine. */
  STORE_ENGINE_SECRET: z.string().min(32, 'must have 32 characters or more').optional(),
  STORE_ENGINE_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(10_000),
  /** Calls of one store under way at once, in one process of the door. */
  STORE_CALLS_AT_ONCE: z.coerce.number().int().min(1).max(100_000).default(50),
  /** How people know this process of the door; unset: its host name and port. */
  GATEWAY_NAME: z.string().max(100).optional(),
  /** Bytes of a call's body at most; 64 KiB unless a store engine takes larger ones. */
  GATEWAY_BODY_BYTES: z.coerce.number().int().min(1_024).max(10_485_760).default(65_536),
  /** Open connections at once, in one process of the door; one more is closed unanswered. */
  GATEWAY_CONNECTIONS: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  /** How long the door still takes calls after it was told to stop, while its readiness says no. */
  SHUTDOWN_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(0),
  /** Health, readiness and metrics of the door listen here, for the operator only; unset: nowhere. */
  METRICS_PORT: portNumber.optional(),
  /** The same of the worker. */
  WORKER_METRICS_PORT: portNumber.optional(),
  /** The same of the web server. */
  WEB_METRICS_PORT: portNumber.optional(),
  /** On which address; not HOST, which may be open to callers. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  /** `name:key`, comma-separated, 32 bytes in base64 each: the first encrypts what must be read again, the others still decrypt. */
  ENCRYPTION_KEYS: z
    .string()
    .check((context) => {
      try {
        readKeyring(context.value)
      } catch (error) {
        context.issues.push({ code: 'custom', message: (error as Error).message, input: '' })
      }
    })
    .optional(),
  /** What partners' programs call, as pages show it; `{store}` and `{api}` stand for their names. Unset: the door of this machine. */
  STORE_API_URL: z
    .string()
    .max(500)
    .regex(/^https?:\/\//, 'begins with http:// or https://')
    .optional(),
  /** Where mails go out; unset: nowhere, they wait. */
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'the address of a mail server: smtp(s)://user:password@host:port' })
    .optional(),
  MAIL_FROM: z.string().min(3).max(200).default('Partner Tokens <tokens@localhost>'),
  /** Networks inside of which webhooks may be delivered all the same, comma-separated, such as 127.0.0.0/8. */
  WEBHOOK_NETWORKS: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return readNetworks(text)
      } catch (error) {
        context.issues.push({ code: 'custom', message: (error as Error).message, input: text })
        return z.NEVER
      }
    }),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What is made of an issuer that never says whether it has verified an address. */
  OIDC_WITHOUT_EMAIL_VERIFIED: z.enum(['refuse', 'accept']).default('refuse'),
  /** Values of `amr` or `acr`, comma-separated, such as `mfa,hwk`, that count as a second factor. */
  OIDC_SECOND_FACTOR: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((value) => value.trim())
        .filter(Boolean),
    ),
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
