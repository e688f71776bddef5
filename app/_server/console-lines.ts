import type { Logger } from 'pino'
import { withoutSecrets } from '#lib/tokens/model/secret.ts'

const mostCharacters = 300
const mostFrames = 6
const methods = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
  trace: 'debug',
} as const

type Console = Pick<typeof console, keyof typeof methods>

/**
 * What the framework, and whatever else does not know our log, writes on the console becomes lines of the log: one of JSON
 * each, bounded, and without what a caller may have put into it.
 */
export function consoleToLog(of: Console, log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>): void {
  for (const [method, level] of Object.entries(methods) as [keyof Console, 'debug'][]) {
    of[method] = (...said: unknown[]) => {
      const error = said.find((one) => one instanceof Error)
      const text = said.filter((one) => typeof one === 'string' || typeof one === 'number').join(' ')
      log[level](
        { from: 'console', ...(error && { error: factsOf(error) }) },
        cleaned(text) || (error ? 'an error of the framework' : 'a word of the framework'),
      )
    }
  }
}

function factsOf(error: Error & { code?: unknown; digest?: unknown }) {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: cleaned(error.name),
    message: cleaned(error.message),
    ...(typeof error.code === 'string' && { code: cleaned(error.code) }),
    ...(typeof error.digest === 'string' && { digest: cleaned(error.digest) }),
    stack: frames
      .slice(0, mostFrames)
      .map((line) => line.trim().slice(0, mostCharacters))
      .join('\n'),
  }
}

/** One short line. What stands in quotation marks is a value, of a header or a form: nobody knows what a caller wrote there. */
function cleaned(text: string): string {
  const line = text
    .slice(0, 10 * mostCharacters)
    .replace(/\p{Cc}+\[[\d;]*m/gu, '')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/([`"'])[^`"']*\1/g, '$1…$1')
    .trim()
  const plain = withoutSecrets(line)
  return plain.length > mostCharacters ? `${plain.slice(0, mostCharacters)}…` : plain
}
