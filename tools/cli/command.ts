import { createInterface } from 'node:readline/promises'
import { setTimeout } from 'node:timers/promises'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { createApi } from './api.ts'
import type { Context } from './context.ts'
import { CommandFailed, type ExitCode, exitCodes } from './exit-codes.ts'
import { filtered, filtersIn, listOptionsIn } from './filters.ts'
import { createOutput, tableOf } from './output.ts'
import { planCommand } from './plan-command.ts'
import { type Chosen, idsOf, listTokens, renewTokens, revokeTokens, watchTokens } from './tokens.ts'

export type Surroundings = {
  env: Record<string, string | undefined>
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** Aborted where somebody breaks the command off. */
  signal: AbortSignal
}

/** Begins like a token or a credential of ours: what stands on a command line is read by everybody on the machine. */
const secret = /(?:1\.0_|ptsc_)[\w.-]{30}/

/** @param argv without the program’s own name. */
export async function runCommand(argv: string[], surroundings: Surroundings): Promise<number> {
  const { env, stdout, stderr, stdin, signal } = surroundings
  const output = createOutput(stdout, stderr)
  let code: ExitCode = exitCodes.done
  const context: Context = {
    output,
    signal,
    endWith: (given) => {
      code = given
    },
    api: () => createApi({ ...addressIn(env), say: output.say, signal }),
    async isSure(question, word) {
      if (!stdin.isTTY || !stderr.isTTY)
        throw new CommandFailed(exitCodes.usage, `${question} Say --yes: nobody can be asked here.`)
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return (await lines.question(`${question} Type ${word} to go on: `, { signal })).trim() === word
      } finally {
        lines.close()
      }
    },
  }
  try {
    if (argv.some((word) => secret.test(word)))
      throw new CommandFailed(
        exitCodes.usage,
        'A secret stands on the command line, where others can read it, and in the history of the shell. Revoke it.',
      )
    await programOf(context, surroundings).parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (signal.aborted) return 130
    output.say(error instanceof CommandFailed ? error.message : `${error}`)
    return error instanceof CommandFailed ? error.code : exitCodes.failed
  }
}

function addressIn(env: Surroundings['env']): { url: string; credential: string } {
  const { PARTNER_TOKENS_URL: url, PARTNER_TOKENS_CREDENTIAL: credential } = env
  if (!url || !URL.canParse(url))
    throw new CommandFailed(
      exitCodes.usage,
      'Set PARTNER_TOKENS_URL to the address that people type, such as https://tokens.example.com',
    )
  if (!credential)
    throw new CommandFailed(
      exitCodes.usage,
      'Set PARTNER_TOKENS_CREDENTIAL to a service credential, which an owner makes under Members',
    )
  const { origin, protocol, hostname } = new URL(url)
  if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    throw new CommandFailed(
      exitCodes.usage,
      'PARTNER_TOKENS_URL has to begin with https://: the credential would be readable on its way',
    )
  return { url: origin, credential }
}

const number = (least: number, most: number) => (typed: string) => {
  const value = Number(typed)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
}

const moment = (typed: string) => {
  const at = new Date(typed)
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('It is a time, such as 2027-01-31T23:59:59Z.')
  return at.toISOString()
}

function programOf(context: Context, surroundings: Surroundings): Command {
  const { output } = context
  const program = new Command('partner-tokens')
    .description('Looks after partner access tokens through the management API.')
    .addHelpText(
      'after',
      `
Environment:
  PARTNER_TOKENS_URL         where the product is, such as https://tokens.example.com
  PARTNER_TOKENS_CREDENTIAL  a service credential: an owner makes it under Members

Ends with:
  0 done   1 failed   2 not understood   3 some tokens were left as they were
  4 refused   5 too often, or no time: try again   130 broken off`,
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    })
  const tokens = program.command('tokens').description('tokens of the store or partner')

  filtered(tokens.command('list'))
    .description('lists tokens')
    .option('--reason <reason>', 'of ended tokens: why')
    .option('--by <side>', 'of ended tokens: who ended them')
    .option('--sort <order>', 'expires, created, used or name; with a hyphen before it turned round')
    .option('--json', 'one token a line, with all that is known')
    .action(async (options) => {
      let isHead = true
      for await (const page of listTokens(context.api(), listOptionsIn(options))) {
        if (options.json) for (const token of page) output.line(JSON.stringify(token))
        else if (page.length > 0) {
          const rows = page.map(({ id, lastCharacters, store, partner, state, expiresAt }) => [
            ...[id, `…${lastCharacters}`, store.id, partner.name, state, expiresAt.slice(0, 10)],
          ])
          output.line(
            tableOf(isHead ? [['ID', 'LAST', 'STORE', 'PARTNER', 'STATE', 'EXPIRES'], ...rows] : rows),
          )
          isHead = false
        }
      }
      if (!options.json && isHead) output.say('There is no such token.')
    })

  filtered(tokens.command('renew'))
    .argument('[ids...]', 'of tokens; - reads them from standard input, one a line')
    .description('makes new tokens beside the old ones, which go on working')
    .option('--expires <time>', 'of the new ones; one year from now by default', moment)
    .addOption(
      new Option('--old <end>', 'when the old ones end, if not before')
        .choices(['at-expiry', 'at-first-use'])
        .default('at-expiry'),
    )
    .option('--collect', 'prints the texts of the new tokens, each once: pipe them to where secrets are kept')
    .option('--at-once <count>', 'tokens of one request', number(1, 1_000), 100)
    .option('--json', 'one result a line')
    .action(async (named: string[], options) => {
      const api = context.api()
      const ids = await idsOf(api, await chosen(named, options, surroundings))
      let [done, renewed] = [0, 0]
      const renewing = {
        expiresAt: options.expires,
        end: options.old,
        isCollecting: options.collect === true,
        atOnce: options.atOnce,
      }
      for await (const results of renewTokens(api, ids, renewing)) {
        done += results.length
        for (const one of results) {
          if (one.outcome === 'renewed' && one.text !== null) renewed += 1
          output.line(
            options.json
              ? JSON.stringify(one)
              : [one.tokenId, one.outcome, one.successorId, one.text].filter(Boolean).join(' '),
          )
        }
        output.progress('Renewing', done, ids.length)
      }
      output.say(`${renewed} of ${ids.length} tokens ${ids.length === 1 ? 'is' : 'are'} renewed.`)
      if (renewed < ids.length) context.endWith(exitCodes.partly)
    })

  filtered(tokens.command('revoke'))
    .argument('[ids...]', 'of tokens; - reads them from standard input, one a line')
    .description('ends tokens at once and for good')
    .option('--reason <reason>', 'exposed, no-longer-working-together, another-expiry-date or other')
    .option('--note <words>', 'why, with the reason other')
    .option('--yes', 'asks nothing')
    .option('--json', 'one result a line')
    .action(async (named: string[], options) => {
      const api = context.api()
      const ids = await idsOf(api, await chosen(named, options, surroundings))
      if (ids.length === 0) return output.say('There is no such token.')
      if (!options.yes && !(await context.isSure(`${ids.length} tokens end for good.`, `${ids.length}`)))
        throw new CommandFailed(exitCodes.usage, 'Nothing was revoked.')
      let [done, revoked] = [0, 0]
      const { reason, note } = options
      for await (const results of revokeTokens(api, ids, { reason, note, atOnce: 1_000 })) {
        done += results.length
        for (const one of results) {
          if (one.outcome === 'revoked' || one.outcome === 'already-revoked') revoked += 1
          output.line(options.json ? JSON.stringify(one) : `${one.tokenId} ${one.outcome}`)
        }
        output.progress('Revoking', done, ids.length)
      }
      output.say(`${revoked} of ${ids.length} tokens are revoked.`)
      if (revoked < ids.length) context.endWith(exitCodes.partly)
    })

  filtered(tokens.command('watch'))
    .argument('[ids...]', 'of tokens; - reads them from standard input, one a line')
    .description('says what changes: which old tokens are still called, which new ones are in use')
    .option('--every <seconds>', 'how often it looks', number(5, 3_600), 30)
    .option(
      '--until <state>',
      'ends once all of them are in this state, such as in-use, old-can-go or revoked',
    )
    .option('--json', 'one change a line')
    .action(async (named: string[], options) => {
      const picked = await chosen(named, options, surroundings)
      const pause = () => setTimeout(options.every * 1_000, true, { signal: context.signal })
      for await (const { changed, states } of watchTokens(context.api(), picked, pause)) {
        for (const { tokenId, was, is, token } of changed) {
          const { lastCharacters, partner, store } = token
          output.line(
            options.json
              ? JSON.stringify({ tokenId, was, is, lastUseAt: token.lastUse?.at ?? null })
              : `${tokenId} …${lastCharacters} ${store.id} ${partner.id}: ${was === null ? '' : `${was} → `}${is}`,
          )
        }
        if (options.until === undefined) continue
        const there = [...states.values()].filter((state) => state === options.until).length
        output.progress(`Until ${options.until}`, there, states.size)
        if (there === states.size) return
      }
    })

  planCommand(tokens, context)
  return program
}

/** What the command names. */
async function chosen(
  named: string[],
  options: Record<string, unknown>,
  { stdin }: Surroundings,
): Promise<Chosen> {
  const filters = filtersIn(options)
  if (!(named.length === 1 && named[0] === '-')) return { ids: named, filters }
  const ids: string[] = []
  for await (const line of createInterface({ input: stdin })) if (line.trim() !== '') ids.push(line.trim())
  if (ids.length === 0) throw new CommandFailed(exitCodes.usage, 'Standard input names no token.')
  return { ids, filters }
}
