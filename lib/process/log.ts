import { type DestinationStream, type Logger, pino } from 'pino'

type LogOptions = { name?: string; level?: string; destination?: DestinationStream }

/** A log of one line of JSON an event, on standard output. Never a password, a token or a cookie. */
export function createLog({ name, level = 'info', destination }: LogOptions = {}): Logger {
  const options = { ...(name && { name }), level, serializers: { err: facts } }
  return destination ? pino(options, destination) : pino(options)
}

const key = Symbol.for('partner-tokens.log')
/** Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: Logger }

/** The web server's log; app/server.ts sets its level once the environment is checked. */
processWide[key] ??= createLog()
export const log = processWide[key]

const maxLength = 600
const maxFrames = 6
const maxCauses = 5
const plainFields = ['code', 'severity', 'constraint', 'table', 'column', 'syscall', 'address', 'port']

/**
 * What of an error is logged. Only named fields: what a query was given is people's data, and is found in the
 * message, stack and `params` of drizzle's errors and in the `detail` and `where` of PostgreSQL's.
 */
function facts(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return error
  const { name, message, stack, cause, errors, ...rest } = fieldsOf(error)
  const text = typeof message === 'string' ? message : ''
  const named = plainFields.flatMap((field) => (isPlain(rest[field]) ? [[field, rest[field]]] : []))
  return {
    type: error instanceof Error ? error.constructor.name : name,
    message: withoutParameters(text),
    ...Object.fromEntries(named),
    stack: typeof stack === 'string' ? framesOf(stack, text) : undefined,
    ...(depth < maxCauses && {
      cause: cause === undefined ? undefined : facts(cause, depth + 1),
      errors: Array.isArray(errors) ? errors.slice(0, 3).map((one) => facts(one, depth + 1)) : undefined,
    }),
  }
}

/** Its own fields and those that errors do not enumerate. */
function fieldsOf(error: object): Record<string, unknown> {
  const { name, message, stack, cause, errors } = error as AggregateError
  return { ...error, name, message, stack, cause, errors }
}

function isPlain(value: unknown) {
  return typeof value === 'string' || typeof value === 'number'
}

function withoutParameters(message: string): string {
  const [text = ''] = message.includes('Failed query: ') ? message.split('\nparams: ', 1) : [message]
  const line = text.replace(/\s+/g, ' ')
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line
}

/** Where it happened: a stack begins with a copy of the message. */
function framesOf(stack: string, message: string): string | undefined {
  const start = stack.indexOf(message)
  if (start < 0) return undefined
  const frames = stack
    .slice(start + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return frames
    .slice(0, maxFrames)
    .map((line) => line.trim())
    .join('\n')
}
