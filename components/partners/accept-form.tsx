'use client'

import type { Route } from 'next'
import { useActionState, useEffect, useRef } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Api } from '#lib/tokens/model/policy.ts'
import { Busy } from '../ui/busy.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { SignedOut } from '../ui/signed-out.tsx'
import type { AddAction, AddState } from './add-state.ts'

type Props = {
  action: AddAction
  partnerId: string
  apis: Api[]
  /** Where the partner is already, if somebody was quicker. */
  accessHref: Route
}

/** The last step: Accept adds the partner. */
export function AcceptForm({ action, partnerId, apis, accessHref }: Props) {
  const [state, accept, isPending] = useActionState(action, { kind: 'idle' })
  const problem = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind === 'refused') problem.current?.focus()
  }, [state])
  return (
    <form action={accept} className="contents">
      {state.kind === 'refused' && (
        <Notice kind="danger" role="alert" ref={problem} tabIndex={-1} className="order-first basis-full">
          <RefusalText refusal={state.refusal} accessHref={accessHref} />
        </Notice>
      )}
      <input type="hidden" name="partnerId" value={partnerId} />
      {apis.map((api) => (
        <input key={api} type="hidden" name="api" value={api} />
      ))}
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? 'Adding…' : 'Accept'}
      </Button>
    </form>
  )
}

function RefusalText({
  refusal,
  accessHref,
}: {
  refusal: Extract<AddState, { kind: 'refused' }>['refusal']
  accessHref: Route
}) {
  switch (refusal) {
    case 'already-listed':
      return (
        <p>
          This partner is in the access list already: somebody added it before you, and its first token was
          made then. No second one was made.{' '}
          <Link href={accessHref} className="font-semibold underline underline-offset-4">
            See what it may call
          </Link>
        </p>
      )
    case 'unknown':
      return <p>There is no partner with this ID any more. Check it with the partner. Nothing was added.</p>
    case 'too-often':
      return (
        <p>
          Too many Partner IDs were looked up, or you made too many tokens, within an hour. Wait an hour at
          most, then accept again. Nothing was added.
        </p>
      )
    case 'too-often-together':
      return (
        <p>
          You and your colleagues made too many tokens within an hour. Wait an hour at most, then accept
          again. Nothing was added.
        </p>
      )
    case 'package-without-apis':
      return <p>The store’s package has no APIs any more. Change the package first. Nothing was added.</p>
    case 'not-allowed':
      return <p>Adding a partner takes an owner or an administrator of the store. Nothing was added.</p>
    case 'signed-out':
      return <SignedOut undone="nothing was added" then="accept here again" />
    case 'not-found':
      return <p>You do not work for this store any more. Nothing was added.</p>
    case 'invalid':
      return <p>What was sent is not what this page shows. Go back and choose again. Nothing was added.</p>
    case 'busy':
      return <Busy undone="Nothing was added" next="accept again" />
    case 'unavailable':
      return (
        <p>
          The database did not answer. Wait a moment, then accept again: no partner is added twice, and no
          second token is made.
        </p>
      )
  }
}
