import type { Token } from '#lib/tokens/model/token.ts'
import { Notice } from '../../ui/notice.tsx'
import { counted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { Address } from '../list/token-cells.tsx'

/** The tripwire: somebody still has what was revoked. */
export function RefusedAttempts({ token: { attempts, asOf } }: { token: Token }) {
  if (!attempts) return null
  return (
    <Notice
      kind="warn"
      title={
        attempts.count === 1
          ? 'It was presented once after its revocation, and refused.'
          : `It was presented ${counted(attempts.count, 'time')} after its revocation, and refused each time.`
      }
      className="mb-5"
    >
      <p className="text-sm wrap-anywhere">
        {attempts.count === 1 ? (
          'On '
        ) : (
          <>
            First on <Time at={attempts.firstAt} show="date-and-time" />, last on{' '}
          </>
        )}
        <Time at={attempts.lastAt} show="date-and-time" /> (<Time at={attempts.lastAt} ago={asOf} />)
        {attempts.lastAddress && (
          <>
            {' '}
            from <Address address={attempts.lastAddress} />
          </>
        )}
        {attempts.lastClient && (
          <>
            {' '}
            with <bdi>{attempts.lastClient}</bdi>
          </>
        )}
        . Whoever called there still had this token.
      </p>
    </Notice>
  )
}
