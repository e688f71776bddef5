import { parseArgs } from 'node:util'
import { mostDemoTokens } from './many-demo-tokens.ts'

/** `npm run demo` runs what was built. `npm run dev` runs the sources, and shows each change of them at once. */
export type Start = {
  kind: 'demo' | 'dev'
  from: 'fresh' | 'as it is'
  /** How many further tokens the demo's data get, if any. */
  tokens: number | undefined
}

/** @param words of the command line: `demo` or `dev`, then what the person has typed. Throws a sentence that says what to type. */
export function readArguments([kind, ...words]: string[]): Start {
  if (kind !== 'demo' && kind !== 'dev')
    throw new Error('Usage: launch.ts demo|dev [--fresh] [--tokens 1000000]')
  const usage = `Usage: npm run ${kind} [-- [--fresh] [--tokens 1000000]]`
  const { fresh, tokens } = parse(words, usage)
  return {
    kind,
    from: fresh ? 'fresh' : 'as it is',
    tokens: tokens === undefined ? undefined : countOf(tokens),
  }
}

function parse(words: string[], usage: string) {
  try {
    return parseArgs({ args: words, options: { fresh: { type: 'boolean' }, tokens: { type: 'string' } } })
      .values
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
}

function countOf(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= mostDemoTokens) return count
  const most = mostDemoTokens.toLocaleString('en')
  throw new Error(`--tokens must be a whole number from 1 to ${most}, without commas; it is "${text}".`)
}
