import { Fragment } from 'react'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import { hourMs } from '#lib/time/units.ts'
import { Notice } from '../../ui/notice.tsx'
import { formatted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { secondsText, serversText } from './proof-text.ts'

/** What the API servers said when they were asked, right after the revocation, about the tokens. */
export function Proof({
  proof,
  revokedCount,
  revokedAt,
  are = 'dead',
}: {
  proof: RefusalProof | null
  revokedCount: number
  /** By the database's clock, as the gateways' heartbeats are. */
  revokedAt: Date
  /** What they are since then. */
  are?: 'dead' | 'paused'
}) {
  const it = revokedCount === 1 ? 'it' : 'them'
  if (!proof) {
    return (
      <p className="text-sm">
        Calls with {it} are refused from now on. The API servers could not be asked just now: there is no
        proof to show.
      </p>
    )
  }
  const { gateways, silent, accepting, withinMs } = proof
  const count = gateways.length + silent.length + accepting.length
  if (count === 0) {
    return (
      <>
        <p className="text-sm">No API server is running at this moment; whichever starts refuses {it}.</p>
        <MayAccept proof={proof} it={it} refusedAt={revokedAt} />
      </>
    )
  }
  const refused = gateways.length
  const refusedAfterMs = gateways.at(-1)?.afterMs ?? null
  const all = revokedCount === 1 ? 'Refused' : `All ${formatted(revokedCount)} are refused`
  return (
    <>
      {refusedAfterMs !== null && (
        <p>
          <strong className="font-semibold">{all}</strong>{' '}
          {refused === count ? (
            <>
              <strong className="font-semibold">everywhere</strong>: {formatted(refused)} of{' '}
              {serversText(count)} answered in {secondsText(refusedAfterMs)}.
            </>
          ) : (
            <>
              by {formatted(refused)} of {serversText(count)} within {secondsText(refusedAfterMs)}.
            </>
          )}{' '}
          {revokedCount === 1 ? 'It is' : 'They are'} {are} since <Time at={revokedAt} show="date-and-time" />
          .
        </p>
      )}
      {silent.map(({ id, name, lastHeartbeatAt }) => (
        <p key={id} className="rounded-md bg-warn-soft px-2 py-1 text-sm text-warn wrap-anywhere">
          API server <ServerName name={name} /> did not answer within {formatted(withinMs / 1000)} s (last
          heard of {heardOf(lastHeartbeatAt, revokedAt)}). It asks the database at every call, so it refuses{' '}
          {it} from its next call on.
        </p>
      ))}
      <MayAccept proof={proof} it={it} refusedAt={revokedAt} />
    </>
  )
}

/** Services that may rely for a while on an answer that a token is good: no API server can take it back. */
function MayAccept({
  proof: { mayAccept, unlimited, tokenCount, cutOffId },
  it,
  refusedAt,
}: {
  proof: RefusalProof
  it: string
  refusedAt: Date
}) {
  const [first] = mayAccept
  const note = 'rounded-md bg-warn-soft px-2 py-1 text-sm text-warn wrap-anywhere'
  const one = tokenCount === 1 && cutOffId === null
  return (
    <>
      {first && (
        <p className={note}>
          {mayAccept.map(({ client, until }, n) => (
            <Fragment key={client}>
              {n > 0 && ', '}
              <bdi className="font-semibold">{client}</bdi> may accept {one ? it : 'some of them'} until{' '}
              <Time at={until} show={clockOf(until, refusedAt)} />
            </Fragment>
          ))}
          :{' '}
          {mayAccept.length === 1
            ? 'it may use an answer that it got before'
            : 'they may use answers that they got before'}
          .
        </p>
      )}
      {unlimited.map(({ id, name }) => (
        <p key={id} className={note}>
          API server <ServerName name={name} /> is of the version before: whoever asked it may accept {it} for
          longer.
        </p>
      ))}
    </>
  )
}

/** The day is said where it may be another one. */
function clockOf(until: Date, refusedAt: Date): 'time-to-the-second' | 'to-the-second' {
  return until.getTime() - refusedAt.getTime() < 12 * hourMs ? 'time-to-the-second' : 'to-the-second'
}

/** Must never be seen: a gateway that would still let one of the tokens in. */
export function AcceptingServers({
  proof,
  what = 'revoked',
}: {
  proof: RefusalProof | null
  what?: 'revoked' | 'paused'
}) {
  if (!proof || proof.accepting.length === 0) return null
  return (
    <Notice
      kind="danger"
      role="alert"
      title={`An API server does not refuse what you ${what}.`}
      className="mb-5"
    >
      {proof.accepting.map(({ id, name }) => (
        <p key={id} className="wrap-anywhere">
          API server <ServerName name={name} /> would still have accepted{' '}
          {proof.tokenCount === 1 ? 'the token' : 'one of the tokens'}: take it out of service.
        </p>
      ))}
    </Notice>
  )
}

function ServerName({ name }: { name: string }) {
  return <span className="font-mono text-[0.92em]">{name}</span>
}

/** In the reader's clock nothing is known of it: only how long before the revocation it was. */
function heardOf(lastHeartbeatAt: Date, revokedAt: Date): string {
  const seconds = Math.round((revokedAt.getTime() - lastHeartbeatAt.getTime()) / 1000)
  return seconds < 1 ? 'as you confirmed' : `${seconds} s before you confirmed`
}
