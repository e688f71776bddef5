import { Fragment } from 'react'
import type { KeptProof } from '#lib/proofs/keep.ts'
import { Time } from '../../ui/time.tsx'

/** As it stands with what was proven: services that could rely for a while on an answer that a token was good. */
export function CouldAccept({
  mayAccept,
  what,
}: {
  mayAccept: KeptProof['mayAccept'] | undefined
  what: 'it' | 'some of them'
}) {
  const services = Object.entries(mayAccept ?? {})
  if (services.length === 0) return null
  return (
    <p className="text-sm text-soft wrap-anywhere">
      {services.map(([client, until], n) => (
        <Fragment key={client}>
          {n > 0 && ', '}
          <bdi className="font-semibold">{client}</bdi> could accept {what} until{' '}
          <Time at={new Date(until)} show="to-the-second" />
        </Fragment>
      ))}
      , by {services.length === 1 ? 'an answer that it got before' : 'answers that they got before'}.
    </p>
  )
}
