import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import { log } from './log.ts'

/** What is noticed of what people do: one log line and one count each. No label holds what somebody sent, nor an id. */
const counts = {
  sign_in: ['method', 'outcome'],
  refused_action: ['refusal'],
  unconfirmed_action: [],
  partner_look_up: ['outcome'],
  account_change: ['what'],
  invitation: ['what'],
  download: ['outcome'],
  credential_change: ['what'],
  api_refusal: ['problem'],
} as const

type Counts = typeof counts
type Labels<Name extends keyof Counts> = Record<Counts[Name][number], string>

const helps: Record<keyof Counts, string> = {
  sign_in: 'Sign-ins, by way and by what came of them.',
  refused_action: 'Actions of people that were refused, by why.',
  unconfirmed_action: 'Actions that were done while the synchronous standby had not confirmed them.',
  partner_look_up: 'Partner IDs that were looked up, by what came of it.',
  account_change: 'Changes that people made to their accounts, and new passwords that were asked for.',
  invitation: 'Invitations that were written, and those that a newer one replaced.',
  download: 'Lists that were asked for as files, by what came of it.',
  credential_change: 'Service credentials that were made and revoked.',
  api_refusal:
    'Requests of programs to the management API that were refused, by the problem that they were answered.',
}

function createWebCounters() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counters = new Map<string, Counter>()
  for (const [name, labelNames] of Object.entries(counts)) {
    const help = helps[name as keyof Counts]
    counters.set(
      name,
      new Counter({ name: `web_${name}s_total`, help, labelNames: [...labelNames], registers: [registry] }),
    )
  }
  return {
    count: (name: string, labels: Record<string, string>) => counters.get(name)?.inc(labels),
    async read() {
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

const key = Symbol.for('partner-tokens.web-counters')
/** Kept on the process, because Next's bundles may each have a copy of this module. */
const processWide = globalThis as { [key]?: ReturnType<typeof createWebCounters> }

processWide[key] ??= createWebCounters()
export const webCounters = processWide[key]

/** @param facts for the log line: ids and addresses, never a secret, nor what was typed. */
export function noticed<Name extends keyof Counts>(
  name: Name,
  labels: Labels<Name>,
  facts: Record<string, unknown> = {},
): void {
  webCounters.count(name, labels)
  const line: Record<string, unknown> = { event: name, ...labels, ...facts }
  log.info(line, name.replaceAll('_', ' '))
}
