import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../../people/person.tsx'
import { counted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { Address, byReport } from '../list/token-cells.tsx'
import { reasonName, sideNames, sideSeenFrom } from '../words.ts'

/**
 * Who paused a token, until when and why, and who has called with it since: a sentence for each side. @param show `in-a-row`: below
 * the words that say that it is paused; a long reason is cut.
 */
export function PauseFacts({
  side,
  show,
  token: { pauses, asOf },
}: {
  side: Side
  show: 'all' | 'in-a-row'
  token: Pick<Token, 'pauses' | 'asOf'>
}) {
  return pauses.map((pause) => (
    <span key={pause.side} className="block wrap-anywhere">
      {show === 'all' ? 'Paused until' : 'Until'} <Time at={pause.endsAt} show="date-and-time" />
      {pause.endsAs === 'revoked' && <strong className="font-medium text-danger">, then revoked</strong>}
      {pause.isAfterReport ? (
        `, after ${byReport}: ${side === pause.side ? 'resume it if that is a mistake, or revoke it' : `${sideNames[pause.side]} decides`}`
      ) : (
        <>
          , by{' '}
          {pause.by === null ? (
            sideSeenFrom(side, pause.side)
          ) : (
            <Person
              name={pause.by}
              email={pause.byEmail}
              from={sideSeenFrom(side, pause.side)}
              role={pause.side === side ? null : pause.byRole}
            />
          )}
        </>
      )}
      {(show === 'all' || pause.reason) && <> · {reasonName(pause.reason)}</>}
      {pause.note && (show === 'all' ? <> · “{pause.note}”</> : <span className="note">“{pause.note}”</span>)}
      {pause.attempts && (
        <>
          {' · '}refused {pause.attempts.count === 1 ? 'once' : counted(pause.attempts.count, 'time')} since,
          last <Time at={pause.attempts.lastAt} ago={asOf} />
          {show === 'all' && pause.attempts.lastAddress && (
            <>
              {' '}
              from <Address address={pause.attempts.lastAddress} />
            </>
          )}
        </>
      )}
    </span>
  ))
}
