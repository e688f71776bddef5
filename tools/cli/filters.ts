import { type Command, Option } from 'commander'
import type { Filters } from './tokens.ts'

/** The filters of the list, with their names as the API has them. */
export function filtered(command: Command): Command {
  return command
    .addOption(
      new Option('--show <tab>', 'live tokens, those that end within 30 days, or ended ones').choices([
        'active',
        'expiring',
        'ended',
      ]),
    )
    .option('--search <text>', 'part of a name, a whole id, or the last four characters')
    .option('--use <use>', 'in-use, last-24-hours, not-used, waiting or paused')
    .option('--quiet <days>', 'were used, and not for so many days')
    .addOption(new Option('--mark <mark>', 'new or renewed').choices(['new', 'renewed']))
    .addOption(new Option('--api <api>', 'may call it').choices(['order', 'payment', 'catalog']))
    .addOption(new Option('--ends <days>', 'end within so many days').choices(['7', '30', '90']))
    .option('--lasts <days>', 'work for more than so many days')
    .option('--issued <day>', 'were made before this day in UTC, such as 2026-11-23')
}

const filterNames = ['show', 'search', 'use', 'quiet', 'mark', 'api', 'ends', 'lasts', 'issued']
/** Of a list alone: elsewhere a reason is why something is done. */
const listNames = [...filterNames, 'reason', 'by', 'sort']

export const filtersIn = (options: Record<string, unknown>): Filters => given(filterNames, options)
export const listOptionsIn = (options: Record<string, unknown>): Filters => given(listNames, options)

const given = (names: string[], options: Record<string, unknown>): Filters =>
  Object.fromEntries(
    names.flatMap((name) => (typeof options[name] === 'string' ? [[name, options[name]]] : [])),
  )
