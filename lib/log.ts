import { pino, stdSerializers } from 'pino'

/** One line of JSON an event, on standard output. Never a password, a token or a cookie. */
export const log = pino({
  level: process.env.LOG_LEVEL || 'info',
  serializers: { err: withoutParameters },
})

/** A failed query is logged as its text and its cause: its parameters are people's data. */
function withoutParameters(error: unknown): unknown {
  if (!(error instanceof Error) || !('params' in error)) return stdSerializers.err(error as Error)
  return { ...stdSerializers.err(error.cause as Error), query: 'query' in error ? error.query : undefined }
}
