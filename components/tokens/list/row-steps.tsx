import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { TokenStep } from '#lib/tokens/model/state.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { hrefOfDialog, hrefOfEnd } from '../token-dialog.ts'
import { stepNames } from '../words.ts'

/** The likeliest thing to do with a token, and the others behind ⋯. */
export function RowSteps({ token, side, behind }: { token: Token; side: Side; behind: ListBehind }) {
  const { id, lastCharacters, nextStep, canBeRenewed, handoverStatus } = token
  const page = `${behind.list}/${id}` as Route
  const first = nextStep[side]
  const hrefs: Record<TokenStep, Route> = {
    renew: hrefOfDialog(behind, { to: 'renew', tokenIds: [id] }),
    resume: hrefOfDialog(behind, { to: 'resume', tokenIds: [id] }),
    revoke: hrefOfEnd(behind, token),
    'show-token': `${page}#handover` as Route,
  }
  return (
    <td className="steps">
      {first && (
        <Link href={hrefs[first]} scroll={false} aria-label={`${stepNames[first]} …${lastCharacters}`}>
          {stepNames[first]}
        </Link>
      )}
      {/* Its name closes the others, where another one is opened. */}
      <details name="more">
        <summary aria-label={`More for …${lastCharacters}`}>⋯</summary>
        <div>
          <Link href={page}>Details</Link>
          {first !== 'show-token' && side === 'partner' && handoverStatus === 'waiting' && (
            <Link href={hrefs['show-token']}>{stepNames['show-token']}</Link>
          )}
          {first !== 'renew' && canBeRenewed && (
            <Link href={hrefs.renew} scroll={false}>
              Renew…
            </Link>
          )}
          {first !== 'resume' && (
            <Link href={hrefOfDialog(behind, { to: 'pause', tokenIds: [id] })} scroll={false}>
              Pause…
            </Link>
          )}
          {first !== 'revoke' && (
            <Link href={hrefs.revoke} scroll={false}>
              Revoke…
            </Link>
          )}
        </div>
      </details>
    </td>
  )
}
