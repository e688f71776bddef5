'use client'

import type { Route } from 'next'
import { useActionState, useEffect, useRef } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Partner } from '#lib/partners/find-partner.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { type ExpiryBounds, ExpiryField } from '../tokens/renewal/expiry-field.tsx'
import { apiList } from '../tokens/words.ts'
import { Busy } from '../ui/busy.tsx'
import { Button } from '../ui/button.tsx'
import { CancelForm } from '../ui/list-behind.tsx'
import { Modal } from '../ui/modal.tsx'
import { Notice } from '../ui/notice.tsx'
import { SignedOut } from '../ui/signed-out.tsx'
import { useTimeZone } from '../ui/time.tsx'
import type { IssueAction, IssueState } from './issue-state.ts'
import { PartnerName } from './partner-name.tsx'

type Props = {
  action: IssueAction
  partner: Partner
  apis: Api[]
  /** Null: it has a live token, and gets no other one here. */
  bounds: ExpiryBounds | null
  /** Where its tokens are renewed. */
  tokensHref: Route
  /** The page behind the dialog. */
  closeHref: Route
}

const cancelFormId = 'cancel-issue'

/** The dialog that issues a new token to a partner without a live one. */
export function Issuance({ action, partner, apis, bounds, tokensHref, closeHref }: Props) {
  const [state, issue, isPending] = useActionState(action, { kind: 'idle' })
  const problem = useRef<HTMLDivElement>(null)
  const timeZone = useTimeZone()
  useEffect(() => {
    if (state.kind !== 'idle') problem.current?.focus()
  }, [state])
  return (
    <Modal role="dialog" labelledBy="issue-title" closeHref={closeHref}>
      <CancelForm id={cancelFormId} list={closeHref} params={[]} />
      {/* The server checks, by the database's clock and in our words; the bounds are for the calendar. */}
      <form action={issue} method="post" noValidate>
        <div className="grid gap-4 p-5">
          <h2 id="issue-title" className="text-lg font-semibold tracking-tight">
            Issue a New Token
          </h2>
          {state.kind !== 'idle' && (
            <Notice kind="danger" role="alert" id="issue-problem" ref={problem} tabIndex={-1}>
              {state.kind === 'refused' ? (
                <RefusalText refusal={state.refusal} />
              ) : (
                <p>{state.errors.until ?? 'Reload the page and try again.'}</p>
              )}
            </Notice>
          )}
          {bounds ? (
            <>
              <input type="hidden" name="partnerId" value={partner.id} />
              <input type="hidden" name="timeZone" value={timeZone} />
              <p>
                For <PartnerName partner={partner} />, which may call: {apiList(apis)}.
              </p>
              <ExpiryField
                label="The new token expires on"
                bounds={bounds}
                timeZone={timeZone}
                typed={state.kind === 'idle' ? undefined : state.until}
                problemId={isExpiryWrong(state) ? 'issue-problem' : undefined}
              />
              <p className="text-sm text-soft">
                The text of the token waits on its page to be collected. Its expiry cannot be edited later: to
                change it, revoke the token and issue another one.
              </p>
            </>
          ) : (
            <p>
              <PartnerName partner={partner} /> has a live token.{' '}
              <Link href={tokensHref} className="font-semibold underline underline-offset-4">
                See it in API Settings
              </Link>
              , where it can be renewed. A new one is issued only where none is left.
            </p>
          )}
        </div>
        <div className="sticky bottom-0 flex flex-wrap justify-end gap-2.5 border-t border-line bg-card px-5 py-3.5">
          <Button type="submit" form={cancelFormId} data-first-focus={bounds ? undefined : true}>
            {bounds ? 'Cancel' : 'Close'}
          </Button>
          {bounds && (
            <Button type="submit" look="primary" disabled={isPending}>
              {isPending ? 'Issuing…' : 'Issue'}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  )
}

function isExpiryWrong(state: IssueState): boolean {
  if (state.kind === 'invalid') return state.errors.until !== undefined
  return state.kind === 'refused' && (state.refusal === 'too-soon' || state.refusal === 'too-late')
}

function RefusalText({ refusal }: { refusal: Extract<IssueState, { kind: 'refused' }>['refusal'] }) {
  switch (refusal) {
    case 'has-live-token':
      return <p>Somebody issued or renewed one before you. No second one was made.</p>
    case 'not-found':
      return <p>The partner is no longer in the access list. No token was issued.</p>
    case 'package-without-apis':
      return <p>The store’s package has no APIs any more. Change the package first. No token was issued.</p>
    case 'not-allowed':
      return <p>Issuing a token takes an owner or an administrator of the store. No token was issued.</p>
    case 'too-often':
      return (
        <p>
          You issued and renewed too often within an hour. Wait an hour at most, then press Issue again. No
          token was issued.
        </p>
      )
    case 'too-often-together':
      return (
        <p>
          You and your colleagues issued and renewed too often within an hour. Wait an hour at most, then
          press Issue again. No token was issued.
        </p>
      )
    case 'too-soon':
      return <p>A new token lives for one day at least: choose a later day. No token was issued.</p>
    case 'too-late':
      return <p>A new token lives for five years at most: choose an earlier day. No token was issued.</p>
    case 'signed-out':
      return <SignedOut undone="no token was issued" then="press Issue here again" />
    case 'busy':
      return <Busy undone="No token was issued" next="press Issue again" />
    case 'unavailable':
      return (
        <p>The database did not answer. Wait a moment, then press Issue again: no second token is made.</p>
      )
  }
}
