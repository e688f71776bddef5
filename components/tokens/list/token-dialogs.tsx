'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import {
  createContext,
  lazy,
  type ReactNode,
  startTransition,
  useContext,
  useState,
  useTransition,
} from 'react'
import type { Side } from '#lib/access/actor.ts'
import { ArrivalNotice } from '../../ui/arrival-notice.tsx'
import type { ListBehind } from '../../ui/list-address.ts'
import { isOfServer } from '../../ui/use-form.ts'
import { BehindContext } from '../dialog-link.tsx'
import type { PausingProps, ResumingProps } from '../pausing/pausing.tsx'
import type { RenewalProps } from '../renewal/renewal.tsx'
import type { RevocationProps } from '../revocation/revocation.tsx'
import type { TokenActions } from '../token-actions.ts'
import { areSame, dialogIn, hrefOfDialog, type TokenDialog } from '../token-dialog.ts'

const loadRevocation = () => import('../revocation/revocation.tsx')
const loadRenewal = () => import('../renewal/renewal.tsx')
const loadPausing = () => import('../pausing/pausing.tsx')
const Revocation = lazy(async () => ({ default: (await loadRevocation()).Revocation }))
const Renewal = lazy(async () => ({ default: (await loadRenewal()).Renewal }))
const Pausing = lazy(async () => ({ default: (await loadPausing()).Pausing }))
const Resuming = lazy(async () => ({ default: (await loadPausing()).Resuming }))

/** For who is about to open one of them. What cannot be loaded now is asked for again with the dialog itself. */
export function loadDialogs(): void {
  for (const load of [loadRevocation, loadRenewal, loadPausing]) load().catch(() => {})
}

/** What one dialog shows; the others are null. */
export type OpenedDialog = {
  asked: TokenDialog
  revocation: RevocationProps['dialog']
  retirement: RevocationProps['dialog']
  renewal: RenewalProps['dialog']
  pausing: PausingProps['dialog']
  resuming: ResumingProps['dialog']
}

/** Asks for a dialog without the list behind it. Null where there is none to be shown: the page of its address says why. */
export type AskForDialog = (form: FormData) => Promise<OpenedDialog | null>

type Props = ListBehind & {
  side: Side
  actions: Pick<TokenActions, 'revoke' | 'retire' | 'renew' | 'pause' | 'resume'>
  ask: AskForDialog
  /** The one that came with the page, because its address opens it. */
  given: OpenedDialog | null
  /** The list. */
  children: ReactNode
}

type Opening = { open: (dialog: TokenDialog) => void; isOpening: boolean }

const OpeningContext = createContext<Opening>({ open: () => {}, isOpening: false })

/** Opens a dialog over the list. */
export const useOpening = () => useContext(OpeningContext)

/**
 * The dialogs over a list, and what came of each above it. Most who read a list open none: they are no part of its first load.
 * The address says which one is open. It comes with the page, or alone where the list stands there already.
 */
export function TokenDialogs({ side, list, params, actions, ask, given, children }: Props) {
  const behind = { list, params }
  const router = useRouter()
  const asked = dialogIn(useSearchParams())
  const [isOpening, startOpening] = useTransition()
  const [isUnanswered, setUnanswered] = useState(false)
  const [known, setKnown] = useState({ given, last: given })
  // What the page says is younger than what was asked for alone.
  if (known.given !== given) setKnown({ given, last: given ?? known.last })
  const { last } = known
  const opened =
    last && asked?.to === last.asked.to && areSame(asked.tokenIds, last.asked.tokenIds) ? last : null

  function open(dialog: TokenDialog) {
    const href = hrefOfDialog(behind, dialog)
    const from = location.href
    setUnanswered(false)
    startOpening(async () => {
      const answer = await ask(formOf(dialog)).catch((error) => (isOfServer(error) ? null : 'no-answer'))
      // Somebody has gone elsewhere meanwhile.
      if (location.href !== from) return
      startTransition(() => {
        if (answer === 'no-answer') return setUnanswered(true)
        if (!answer) return router.push(href, { scroll: false })
        setKnown(({ given }) => ({ given, last: answer }))
        history.pushState(null, '', href)
      })
    })
  }

  const [revocation, retirement, renewal] = [
    opened?.revocation ?? null,
    opened?.retirement ?? null,
    opened?.renewal ?? null,
  ]
  const [pausing, resuming] = [opened?.pausing ?? null, opened?.resuming ?? null]
  const shared = { side, ...behind }
  return (
    <BehindContext value={behind}>
      {isUnanswered && (
        <ArrivalNotice kind="warn" title="No answer." className="mb-5">
          <p className="text-sm">Nothing was done, and your choice is kept. Try again.</p>
        </ArrivalNotice>
      )}
      {useOnceThere(revocation) && <Revocation {...shared} action={actions.revoke} dialog={revocation} />}
      {useOnceThere(retirement) && <Revocation {...shared} action={actions.retire} dialog={retirement} />}
      {useOnceThere(renewal) && <Renewal {...shared} action={actions.renew} dialog={renewal} />}
      {useOnceThere(pausing) && <Pausing {...shared} action={actions.pause} dialog={pausing} />}
      {useOnceThere(resuming) && <Resuming {...shared} action={actions.resume} dialog={resuming} />}
      <OpeningContext value={{ open, isOpening }}>{children}</OpeningContext>
    </BehindContext>
  )
}

function formOf({ to, tokenIds }: TokenDialog): FormData {
  const form = new FormData()
  form.set('to', to)
  for (const id of tokenIds) form.append('tokenId', id)
  return form
}

/** What came of a dialog stays when the dialog has gone. */
function useOnceThere(dialog: unknown): boolean {
  const [wasThere, setWasThere] = useState(dialog !== null)
  if (dialog !== null && !wasThere) setWasThere(true)
  return wasThere || dialog !== null
}
