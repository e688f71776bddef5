import { type Command, Option } from 'commander'
import type { PlanJson as Plan } from '#lib/management-api/plan-routes.ts'
import type { Api } from './api.ts'
import type { Context } from './context.ts'
import { CommandFailed, exitCodes } from './exit-codes.ts'
import { filtered, filtersIn } from './filters.ts'
import { tableOf } from './output.ts'

type Found = { plan: Plan; hashes: Record<string, string> | null }
const numbers = new Set(['quiet', 'lasts'])

/** Many tokens together: frozen first, confirmed then. */
export function planCommand(tokens: Command, { api: ask, output, isSure }: Context) {
  const plan = tokens
    .command('plan')
    .description('does one thing with many tokens, frozen first and confirmed then')
  const show = async (api: Api, id: string, isJson: boolean) => {
    const found = await read(api, id)
    const { state, tokens: count, done, leftOut, confirmation } = found.plan
    output.line(
      isJson
        ? JSON.stringify(found.plan)
        : tableOf([
            ['ID', 'STATE', 'TOKENS', 'DOES', 'DONE', 'LEFT OUT'],
            [id, state, `${count}`, confirmation?.kind ?? '-', `${done ?? '-'}`, `${leftOut ?? '-'}`],
          ]),
    )
    return found
  }

  filtered(plan.command('make'))
    .description('freezes the ids of live tokens that match; nothing is done with them yet')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const filters = filtersIn(options)
      if (Object.keys(filters).length === 0)
        throw new CommandFailed(
          exitCodes.usage,
          'Filter the list, such as with --quiet 90; all of it is --show active.',
        )
      const list = Object.fromEntries(
        Object.entries(filters).map(([name, value]) => [name, numbers.has(name) ? Number(value) : value]),
      )
      const api = ask()
      const { planId } = await api.change<{ planId: string }>('/plans', { of: 'list', list })
      await show(api, planId, options.json === true)
    })

  plan
    .command('show')
    .argument('<id>')
    .description('says how a plan stands')
    .option('--json', 'as JSON')
    .action(async (id: string, options) => {
      await show(ask(), id, options.json === true)
    })

  plan
    .command('confirm')
    .argument('<id>')
    .description('does it, with exactly the tokens that were frozen')
    .addOption(
      new Option('--does <what>', 'what').choices(['revoke', 'renew', 'resume']).makeOptionMandatory(),
    )
    .option('--reason <reason>', 'of a revocation')
    .option('--note <words>', 'why, with the reason other')
    .addOption(
      new Option('--old <end>', 'of a renewal: when the old ones end').choices(['at-expiry', 'at-first-use']),
    )
    .option('--at <time>', 'when it is done; at once by default')
    .option('--yes', 'asks nothing')
    .option('--json', 'as JSON')
    .action(async (id: string, { does, reason, note, old, at, yes, json }) => {
      const api = ask()
      const { plan: frozen, hashes } = await read(api, id)
      if (!hashes) throw new CommandFailed(exitCodes.refused, 'This plan belongs to the other side.')
      if (!yes && !(await isSure(`${does} ${frozen.tokens} tokens.`, `${frozen.tokens}`)))
        throw new CommandFailed(exitCodes.usage, 'Nothing was done.')
      await api.change('/plans/confirm', {
        ...{ kind: does, planId: id, hash: hashes[does] },
        ...(at !== undefined && { runAt: new Date(at).toISOString() }),
        ...(does === 'revoke' && { reason: reason ?? null, note }),
        ...(does === 'renew' && old !== undefined && { oldTokens: { end: old } }),
      })
      await show(api, id, json === true)
    })

  for (const [verb, about] of [
    ['cancel', 'before it begins'],
    ['stop', 'while it is under way: what is not done yet is not done'],
  ] as const)
    plan
      .command(verb)
      .argument('<id>')
      .description(`${verb}s a plan ${about}`)
      .option('--json', 'as JSON')
      .action(async (id: string, options) => {
        const api = ask()
        await api.change(`/plans/${verb}`, { planId: id })
        await show(api, id, options.json === true)
      })
}

async function read(api: Api, id: string): Promise<Found> {
  const found = await api.get<Found>(`/plans/${encodeURIComponent(id)}`)
  if (!found)
    throw new CommandFailed(
      exitCodes.failed,
      'The server said that nothing has changed, though nothing was known.',
    )
  return found.body
}
