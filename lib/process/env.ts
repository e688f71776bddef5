import { z } from 'zod'
import { readNetworks } from '../http/networks.ts'
import { readCheckpoint } from './checkpoints.ts'
import { readKeyring } from './keyring.ts'
import { readSigners } from './note-signers.ts'

const portNumber = z.coerce.number().int().min(1).max(65_535)
const port = (fallback: number) => portNumber.default(fallback)

type Reader = 'web' | 'gateway' | 'worker'

/**
 * What the table of docs/operating.md says of a variable (tools/variables-table.ts).
 * @param readers as the code of each process reads it: a test holds this.
 * @param description Markdown, one line.
 * @param unset what holds where the schema has no default that a person can read.
 */
const about = (readers: 'all' | Reader[], description: string, unset?: string) => ({
  readers: readers === 'all' ? 'all' : readers.join(', '),
  description,
  ...(unset && { unset }),
})

const required = '**required**'

/** Scheme, host and port of a site of ours. */
const ownAddress = z
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

export const envSchema = z.object({
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'the address of a PostgreSQL database: postgres://user:password@host:5432/name',
    })
    .meta(
      about(
        'all',
        "The application's login: `postgres://user:password@host:5432/name`. The primary",
        required,
      ),
    ),
  /** Where people reach the product, and links in mails begin: without a slash at the end. */
  NEXTAUTH_URL: ownAddress
    .optional()
    .meta(
      about(
        ['web', 'worker'],
        'The address that people type: scheme, host and port. Links in mails begin with it',
        required,
      ),
    ),
  NEXTAUTH_SECRET: z
    .string('32 random characters or more, the same on every web server')
    .min(32, 'must have 32 characters or more')
    .optional()
    .meta(
      about(
        ['web', 'worker'],
        '32 random characters or more, the same on every web server and worker: `openssl rand -base64 32`',
        required,
      ),
    ),
  ENCRYPTION_KEYS: z
    .string()
    .check((context) => {
      try {
        readKeyring(context.value)
      } catch (error) {
        context.issues.push({ code: 'custom', message: (error as Error).message, input: '' })
      }
    })
    .optional()
    .meta(
      about(
        ['web', 'worker'],
        '`name:key`, comma-separated, each key 32 random bytes in base64. The first encrypts, all decrypt. See [Keys](#keys)',
        required,
      ),
    ),
  RECEIPT_KEYS: z
    .string()
    .check((context) => {
      try {
        readSigners(context.value)
      } catch (error) {
        context.issues.push({ code: 'custom', message: (error as Error).message, input: '' })
      }
    })
    .optional()
    .meta(
      about(
        ['worker'],
        '`name:key`, comma-separated, each key 32 random bytes in base64: sign the log of revocations. All have one name, such as `tokens.example.com/log`. See [Receipts](receipts.md#keys)',
        'there are no receipts',
      ),
    ),
  LOG_COPY: z
    .string()
    .regex(/^\//, 'must be an absolute path')
    .optional()
    .meta(
      about(
        ['worker'],
        'The path of a file, on another disk than the database, to which the log of revocations is appended: after a restore they are applied again from it. Each worker may have its own. See [Backup](backup.md#revocations-made-since-the-backup)',
        'there is no copy',
      ),
    ),
  CHECKPOINT: z
    .string()
    .refine((text) => readCheckpoint(text) !== undefined, {
      error: "a checkpoint's name, size and root, as in the last lines of a receipt",
    })
    .optional()
    .meta(
      about(
        ['gateway'],
        'A checkpoint of the log of revocations, in one line or as it was signed: no call is accepted on a database that does not have it. See [Backup](backup.md#gateways-notice)',
        'none is given',
      ),
    ),
  CHECKPOINT_FILE: z
    .string()
    .regex(/^\//, 'must be an absolute path')
    .optional()
    .meta(
      about(
        ['gateway'],
        'The path of a file in which the gateway keeps the newest checkpoint that it saw, so that it also knows it after a restart',
        'it is kept in memory',
      ),
    ),
  HOST: z
    .string()
    .default('127.0.0.1')
    .meta(
      about(
        'all',
        'The address of this machine to listen on. The worker reads it in the demo only: for links',
      ),
    ),
  PORT: port(3000).meta(
    about(['web', 'worker'], 'The port to listen on. The worker reads it in the demo only: for links'),
  ),
  GATEWAY_PORT: port(3001).meta(
    about(['web', 'gateway'], 'The port to listen on. Pages show it where `STORE_API_URL` is not set'),
  ),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .meta(
      about(
        ['web', 'gateway'],
        'Addresses and networks, comma-separated, whose `X-Forwarded-For` (else `Forwarded`) is believed, such as `loopback,10.0.0.0/8`',
        'nobody is believed',
      ),
    ),
  STORE_API_URL: z
    .string()
    .max(500)
    .regex(/^https?:\/\//, 'begins with http:// or https://')
    .optional()
    .meta(
      about(
        ['web'],
        "What partners' programs call, as pages show it; `{store}` and `{api}` stand for their names: `https://{store}.{api}.store.example.com`",
        'the gateway of this machine',
      ),
    ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'the address of a mail server: smtp(s)://user:password@host:port' })
    .optional()
    .meta(about(['worker'], 'Where mails go out: `smtp(s)://user:password@host:port`', 'mails wait')),
  MAIL_FROM: z
    .string()
    .min(3)
    .max(200)
    .default('Partner Tokens <tokens@localhost>')
    .meta(about(['worker'], 'From whom mails come')),
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
    })
    .meta(
      about(
        ['web', 'worker'],
        'Private networks, comma-separated, in which webhooks are delivered all the same, such as `10.1.0.0/16`',
        'none',
      ),
    ),
  GATEWAY_PAGES_URL: ownAddress
    .optional()
    .meta(
      about(
        ['gateway'],
        'As `NEXTAUTH_URL`: where pages are, to which headers of calls lead whose token ends soon, was renewed or is refused',
        'no header leads to a page',
      ),
    ),
  GATEWAY_NAME: z
    .string()
    .max(100)
    .optional()
    .meta(
      about(
        ['gateway'],
        'How people know this process, in proofs of a revocation; 100 characters at most',
        'host name and port',
      ),
    ),
  GATEWAY_ADDRESS: z
    .url({ protocol: /^https?$/, error: 'where the worker reaches this process: http(s)://host:port' })
    .optional()
    .meta(
      about(
        ['gateway'],
        'Where the worker reaches this very process, past every balancer: `http(s)://host:port`. The [canary](#the-canary) calls it',
        '`HOST`, or the first address of the machine where that is all of them, and `GATEWAY_PORT`',
      ),
    ),
  PUBLIC_STATUS: z
    .enum(['0', '1'])
    .default('0')
    .meta(
      about(
        ['web'],
        '`1` shows everybody at `/status` how soon revoked tokens are refused; no names of gateways',
      ),
    ),
  SHUTDOWN_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .meta(
      about(
        ['gateway'],
        'How long calls are still taken after the process was asked to stop, while `/readyz` says no; milliseconds, 60000 at most',
      ),
    ),
  GATEWAY_LEASES: z.coerce
    .number()
    .int()
    .refine((ms) => ms === 0 || (ms >= 200 && ms <= 5_000), 'is 0, or 200 to 5000')
    .default(0)
    .meta(
      about(
        ['gateway'],
        'For how long a gateway may answer from memory without asking the database, while it holds a lease; milliseconds, 200 to 5000; see [leases](#leases)',
        'every call asks the database',
      ),
    ),
  GATEWAY_BODY_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(10_485_760)
    .default(65_536)
    .meta(about(['gateway'], "A call's body at most; bytes, 1024 to 10485760")),
  GATEWAY_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .meta(about(['gateway'], 'Open connections of one process at most; one more is closed unanswered')),
  STORE_CALLS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(50)
    .meta(about(['gateway'], 'Calls of one store under way in one process at most')),
  STORE_ENGINE_URL: z
    .url({ protocol: /^https?$/, error: 'the address of the store engine: http(s)://host:port' })
    .optional()
    .meta(
      about(
        ['gateway'],
        'Where accepted calls of the XML API go: `http(s)://host:port`',
        'the small built-in store',
      ),
    ),
  STORE_ENGINE_SECRET: z
    .string()
    .min(32, 'must have 32 characters or more')
    .optional()
    .meta(
      about(
        ['gateway'],
        '32 characters or more, shared with the engine: signs what the gateway tells it of a call',
        'no signature',
      ),
    ),
  STORE_ENGINE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(120_000)
    .default(10_000)
    .meta(
      about(
        ['gateway'],
        "Until the engine's first byte, and between any two parts of its answer; milliseconds, 100 to 120000",
      ),
    ),
  INTROSPECTION_CLIENTS: z
    .string()
    .default('')
    .meta(
      about(
        ['gateway'],
        'Who may ask `POST /introspect`: `id:secret` or `id:secret;max-age=<seconds>`, comma-separated, each secret of 16 characters or more. `max-age`: how long it may rely on an answer, 0 to 86400, else 30',
        'nobody',
      ),
    ),
  INTROSPECTION_USERNAMES: z
    .string()
    .default('')
    .meta(
      about(
        ['gateway'],
        'What such a client gets as `username`: `id:store_id` or `id:partner_id`, comma-separated',
        'nobody gets one',
      ),
    ),
  INTROSPECTION_KEYS: z
    .string()
    .default('')
    .meta(
      about(
        ['gateway'],
        '`name:key`, comma-separated, each key 32 random bytes in base64: signs answers of `/introspect` for clients that ask for it. The first signs, all are shown. See [Signed answers](../gateway/README.md#signed-answers)',
        'no answer is signed',
      ),
    ),
  INTROSPECTION_ISSUER: z
    .url({ protocol: /^https?$/, error: 'where services reach the gateway: https://host', abort: true })
    .refine((text) => new URL(text).href === `${new URL(text).origin}/`, {
      error: 'scheme, host and port only, such as https://tokens.internal',
      abort: true,
    })
    .transform((text) => new URL(text).origin)
    .optional()
    .meta(
      about(
        ['gateway'],
        'Where services reach the gateway, as signed answers name it: scheme, host and port',
        'needed with `INTROSPECTION_KEYS`',
      ),
    ),
  WEB_METRICS_PORT: portNumber
    .optional()
    .meta(about(['web'], 'Metrics, health and readiness for operators listen here', 'nowhere')),
  METRICS_PORT: portNumber.optional().meta(about(['gateway'], 'The same of the gateway', 'nowhere')),
  WORKER_METRICS_PORT: portNumber.optional().meta(about(['worker'], 'The same of the worker', 'nowhere')),
  METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .meta(about('all', 'The address that the metrics listen on. Callers must never reach it')),
  OIDC_ISSUER: z
    .url()
    .optional()
    .meta(
      about(
        ['web'],
        'With the two that follow: switches OpenID Connect on. Redirect address: `<NEXTAUTH_URL>/api/auth/callback/oidc`',
        'off',
      ),
    ),
  OIDC_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .meta(about(['web'], 'The id that the issuer knows us by', 'off')),
  OIDC_CLIENT_SECRET: z
    .string()
    .min(1)
    .optional()
    .meta(about(['web'], 'The secret that belongs to that id', 'off')),
  OIDC_NAME: z
    .string()
    .min(1)
    .default('single sign-on')
    .meta(about(['web'], 'What the button of that sign-in calls it')),
  OIDC_WITHOUT_EMAIL_VERIFIED: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .meta(
      about(['web'], '`accept` believes an issuer that never says whether it has verified an e-mail address'),
    ),
  OIDC_SECOND_FACTOR: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((value) => value.trim())
        .filter(Boolean),
    )
    .meta(
      about(
        ['web'],
        'Values of `amr` or `acr`, comma-separated, that count as a second factor, such as `mfa,hwk`',
        'none',
      ),
    ),
  GITHUB_SCANNING_KEYS_URL: z
    .url({
      protocol: /^https?$/,
      error: 'an address, such as https://api.github.com/meta/public_keys/secret_scanning',
    })
    .optional()
    .meta(
      about(
        ['web'],
        "Takes what GitHub's secret scanning finds, at `/leaks/github`: where its keys are, `https://api.github.com/meta/public_keys/secret_scanning`",
        'off',
      ),
    ),
  GITHUB_SCANNING_TOKEN: z
    .string()
    .min(1)
    .optional()
    .meta(
      about(
        ['web'],
        'A token of that API without any rights: with it the keys may be asked for more often',
        'none',
      ),
    ),
  GITLAB_REVOCATION_SECRET: z
    .string()
    .min(32, 'must have 32 characters or more')
    .optional()
    .meta(
      about(
        ['web'],
        "Takes what GitLab's secret detection finds, at `/leaks/gitlab/v1/revoke_tokens`: the token that GitLab sends, 32 characters or more",
        'off',
      ),
    ),
  SECURITY_CONTACTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((contact) => contact.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(
        z.string().regex(/^(?:mailto:|https:\/\/|tel:)[!-~]+$/, 'each begins with mailto:, https:// or tel:'),
      ),
    )
    .meta(
      about(
        ['web'],
        'Where weaknesses are reported, for `/.well-known/security.txt` (RFC 9116): comma-separated, such as `mailto:security@example.com`',
        'there is none',
      ),
    ),
  SECURITY_EXPIRES: z.iso
    .datetime({ offset: true, error: 'a moment, such as 2027-06-30T00:00:00Z' })
    .transform((text) => new Date(text))
    .optional()
    .meta(
      about(
        ['web'],
        'Until when that is right, such as `2027-06-30T00:00:00Z`; less than a year is good. From then on there is no such file',
        'there is none',
      ),
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta(about('all', '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`')),
  DEMO: z
    .enum(['0', '1'])
    .default('0')
    .meta(
      about(
        ['web', 'worker'],
        '`1` is set by the demo alone: it makes secrets up and shows every mail. Never set it yourself',
      ),
    ),
})

export type Env = z.output<typeof envSchema>

let parsed: Env | undefined

/** The environment, read and checked once. Throws one message that names every variable that is wrong. */
export function env(): Env {
  parsed ??= readEnv(process.env)
  return parsed
}

export function readEnv(source: Record<string, string | undefined>): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = envSchema.safeParse(set)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`)
}
