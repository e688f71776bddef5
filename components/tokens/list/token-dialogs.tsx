'use client'

import { lazy, useState } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import type { RenewalProps } from '../renewal/renewal.tsx'
import type { RevocationProps } from '../revocation/revocation.tsx'
import type { TokenActions } from '../token-actions.ts'

const loadRevocation = () => import('../revocation/revocation.tsx')
const loadRenewal = () => import('../renewal/renewal.tsx')
const Revocation = lazy(async () => ({ default: (await loadRevocation()).Revocation }))
const Renewal = lazy(async () => ({ default: (await loadRenewal()).Renewal }))

/** For who is about to open one of them. What cannot be loaded now is asked for again with the dialog itself. */
export function loadDialogs(): void {
  for (const load of [loadRevocation, loadRenewal]) load().catch(() => {})
}

type Props = ListBehind & {
  side: Side
  actions: Pick<TokenActions, 'revoke' | 'retire' | 'renew'>
  /** Those that the address opens. */
  revocation: RevocationProps['dialog']
  retirement: RevocationProps['dialog']
  renewal: RenewalProps['dialog']
}

/** The dialogs over a list, and what came of each above it. Most who read a list open none: they are no part of its first load. */
export function TokenDialogs({ actions, revocation, retirement, renewal, ...list }: Props) {
  return (
    <>
      {useOnceThere(revocation) && <Revocation {...list} action={actions.revoke} dialog={revocation} />}
      {useOnceThere(retirement) && <Revocation {...list} action={actions.retire} dialog={retirement} />}
      {useOnceThere(renewal) && <Renewal {...list} action={actions.renew} dialog={renewal} />}
    </>
  )
}

/** What came of a dialog stays when the dialog has gone. */
function useOnceThere(dialog: unknown): boolean {
  const [wasThere, setWasThere] = useState(dialog !== null)
  if (dialog !== null && !wasThere) setWasThere(true)
  return wasThere || dialog !== null
}
