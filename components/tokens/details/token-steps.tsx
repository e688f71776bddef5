import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { hrefOfDialog, hrefOfEnd } from '../token-dialog.ts'

/** What can be done with a live token; the likeliest is the filled button, and red is filled only where it is that. */
export function TokenSteps({ side, token, list }: { side: Side; token: Token; list: Route }) {
  if (token.status === 'revoked' || token.status === 'expired') return null
  const step = token.nextStep[side]
  const behind = { list, params: [] }
  return (
    <div className="flex flex-wrap gap-2.5 print:hidden">
      {token.canBeRenewed && (
        <ButtonLink
          look={step === 'renew' ? 'primary' : 'secondary'}
          href={hrefOfDialog(behind, { to: 'renew', tokenIds: [token.id] })}
        >
          Renew…
        </ButtonLink>
      )}
      {step === 'resume' ? (
        <ButtonLink look="primary" href={hrefOfDialog(behind, { to: 'resume', tokenIds: [token.id] })}>
          Resume…
        </ButtonLink>
      ) : (
        <ButtonLink look="secondary" href={hrefOfDialog(behind, { to: 'pause', tokenIds: [token.id] })}>
          Pause…
        </ButtonLink>
      )}
      <ButtonLink look={step === 'revoke' ? 'danger' : 'danger-quiet'} href={hrefOfEnd(behind, token)}>
        Revoke…
      </ButtonLink>
    </div>
  )
}
