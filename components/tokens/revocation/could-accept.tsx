import { Fragment } from 'react'
import type { KeptProof } from '#lib/proofs/keep.ts'
import { Time } from '../../ui/time.tsx'
import { unlimitedText } from './proof-text.ts'

/** As it stands with what was proven: services that could rely for a while on an answer that a token was good. */
export function CouldAccept({
  mayAccept,
  unlimited,
  what,
}: {
  mayAccept: KeptProof['mayAccept'] | undefined
  /** API servers whose answers have no end. */
  unlimited: KeptProof['unlimited'] | undefined
  what: 'it' | 'some of them'
}) {
  const services = Object.entries(mayAccept ?? {})
  return (
    <>
      {services.length > 0 && <Services services={services} what={what} />}
      {unlimited && unlimited.length > 0 && (
        <p className="text-sm text-soft wrap-anywhere">{unlimitedText(unlimited, what)}</p>
      )}
    </>
  )
}

function Services({ services, what }: { services: [string, string][]; what: string }) {
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
