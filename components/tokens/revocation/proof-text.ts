import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { KeptProof } from '#lib/proofs/keep.ts'
import { formatted } from '../../ui/numbers.ts'

type Counts = Omit<KeptProof, 'provedAt' | 'mayAccept' | 'unlimited'>

/** `0.04 s`: never shorter than it was. */
export const secondsText = (ms: number) => `${(Math.ceil(ms / 10) / 100).toFixed(2)} s`

/** As it stands with the token: `Refused everywhere 0.04 s later: 2 of 2 API servers.` */
export function keptProofText({ gateways, refused, accepting, refusedAfterMs }: Counts): string {
  const servers = `${formatted(refused)} of ${serversText(gateways)}`
  if (gateways === 0) return 'No API server was running. Each refuses it from its start on.'
  if (refusedAfterMs === null) return `Refused by ${servers}.${unanswered({ gateways, refused, accepting })}`
  if (refused === gateways) return `Refused everywhere ${secondsText(refusedAfterMs)} later: ${servers}.`
  return `Refused ${secondsText(refusedAfterMs)} later by ${servers}.${unanswered({ gateways, refused, accepting })}`
}

function unanswered({ gateways, refused, accepting }: Omit<Counts, 'refusedAfterMs'>): string {
  const silent = gateways - refused - accepting
  return [
    accepting > 0 ? ` ${formatted(accepting)} would still have accepted it.` : '',
    silent > 0 ? ` ${formatted(silent)} did not answer in time: each asks the database at every call.` : '',
  ].join('')
}

/** `1 API server`, `2 API servers`. */
export const serversText = (count: number) => `${formatted(count)} API ${count === 1 ? 'server' : 'servers'}`

/** For a receipt: who could go on accepting it; null where nobody could. */
export function couldAcceptText(
  mayAccept: KeptProof['mayAccept'],
  moment: (at: Date) => string,
): string | null {
  const services = Object.entries(mayAccept ?? {}).map(
    ([client, until]) => `${client} until ${moment(new Date(until))}`,
  )
  if (services.length === 0) return null
  return `Could still be accepted by ${services.join(', ')}, by ${services.length === 1 ? 'an answer' : 'answers'} from before`
}

/** API servers of the version before, by name: `edge-1 was of the version before: whoever asked it could accept it for longer.` */
export function unlimitedText(names: readonly string[], what: 'it' | 'some of them'): string {
  const [were, them] = names.length === 1 ? ['was', 'it'] : ['were', 'them']
  return `API ${names.length === 1 ? 'server' : 'servers'} ${names.join(', ')} ${were} of the version before: whoever asked ${them} could accept ${what} for longer.`
}

/** A little longer to read than most are. */
export const usualProof: RefusalProof = {
  ...{
    tokenCount: 1,
    cutOffId: null,
    withinMs: 1_000,
    silent: [],
    accepting: [],
    mayAccept: [],
    unlimited: [],
  },
  gateways: [
    { name: '', afterMs: 10 },
    { name: '', afterMs: 1_000 },
  ],
}
