'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { RevocationReason } from '#lib/tokens/model/schemas.ts'
import { Busy } from '../../ui/busy.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignedOut } from '../../ui/signed-out.tsx'
import { chosenReasonNames, confirmRevokeTitle } from '../words.ts'
import type { RevokeState } from './revoke-state.ts'
import { TypedContext } from './sibling-tick.tsx'

export type RevokeFormProps = {
  /** `nothing-left`: all that was chosen has ended meanwhile. */
  kind: 'revoke' | 'nothing-left'
  side: Side
  state: RevokeState
  submit: (form: FormData) => void
  pending: boolean
  /** The form whose submission leads back to the list. */
  cancelFormId: string
  title: string
  tokenIds: string[]
  /** What will die. */
  review: ReactNode
  /** What stays alive, with the tick that includes it. */
  siblings: ReactNode
  consequences: ReactNode
}

/** Chosen already, so that whoever only wants a token dead confirms with one press. */
const likeliestReason: RevocationReason = 'no-longer-working-together'
const reasons = Object.entries(chosenReasonNames) as [RevocationReason, string][]

export function RevokeForm({
  kind,
  side,
  state,
  submit,
  pending,
  cancelFormId,
  title,
  tokenIds,
  review,
  siblings,
  consequences,
}: RevokeFormProps) {
  const problem = useRef<HTMLDivElement>(null)
  const typed = state.kind === 'invalid' || state.kind === 'refused' ? state.typed : undefined
  const errors = state.kind === 'invalid' ? state.errors : {}
  const failed = state.kind === 'invalid' || state.kind === 'refused'
  useEffect(() => {
    if (state.kind === 'invalid' || state.kind === 'refused') problem.current?.focus()
  }, [state])

  if (kind === 'nothing-left') {
    return (
      <>
        <div className="grid gap-4 p-5">
          <h2 id="revoke-title" className="text-lg font-semibold tracking-tight wrap-anywhere">
            {title}
          </h2>
          {review}
          {siblings}
        </div>
        <div className="flex justify-end border-t border-line px-5 py-3.5">
          <Button type="submit" form={cancelFormId} data-first-focus>
            Close
          </Button>
        </div>
      </>
    )
  }
  return (
    // What was typed comes back as the new default values: the key makes the fields take them.
    <form action={submit} method="post" key={typed ? JSON.stringify(typed) : 'first'}>
      <div className="grid gap-4 p-5">
        <h2 id="revoke-title" className="text-lg font-semibold tracking-tight wrap-anywhere">
          {title}
        </h2>
        {failed && (
          <Notice kind="danger" role="alert" id="revoke-problem" ref={problem} tabIndex={-1}>
            {state.kind === 'refused' ? (
              <RefusalText refusal={state.refusal} />
            ) : (
              <p>{errors.tokenIds ?? errors.reason ?? errors.note ?? 'Reload the page and try again.'}</p>
            )}
          </Notice>
        )}
        {tokenIds.map((id) => (
          <input key={id} type="hidden" name="tokenId" value={id} />
        ))}
        {review}
        <TypedContext value={typed}>{siblings}</TypedContext>
        <fieldset aria-describedby={errors.reason ? 'revoke-problem' : undefined} className="group">
          <legend className="mb-1.5 text-[13px] text-soft">
            Reason ({side === 'merchant' ? 'the partner' : 'the merchant'} sees it)
          </legend>
          <div className="flex flex-wrap gap-1.5">
            {reasons.map(([reason, name]) => (
              <label
                key={reason}
                className="relative flex min-h-9 items-center rounded-lg border border-control px-2.5 text-sm has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
              >
                <input
                  type="radio"
                  name="reason"
                  value={reason}
                  defaultChecked={(typed ? typed.reason : likeliestReason) === reason}
                  required
                  className="absolute inset-0 size-full opacity-0"
                />
                {name}
                {reason === 'other' && '…'}
              </label>
            ))}
          </div>
          <div className="mt-2 hidden gap-1 group-has-[[value=other]:checked]:grid">
            <label htmlFor="note" className="text-[13px] text-soft">
              In a few words
            </label>
            <textarea
              id="note"
              name="note"
              rows={2}
              maxLength={500}
              defaultValue={typed?.note}
              aria-invalid={errors.note ? true : undefined}
              aria-describedby={errors.note ? 'revoke-problem' : undefined}
              className="w-full rounded-lg border border-control bg-ground px-3 py-1.5"
            />
          </div>
        </fieldset>
        <div id="revoke-consequences" className="text-sm text-soft">
          {consequences}
        </div>
      </div>
      <div className="sticky bottom-0 flex flex-wrap justify-end gap-2.5 border-t border-line bg-card px-5 py-3.5">
        <Button type="submit" form={cancelFormId} data-first-focus>
          Cancel
        </Button>
        <Button type="submit" look="danger" disabled={pending}>
          {pending ? 'Revoking…' : confirmRevokeTitle[side]}
        </Button>
      </div>
    </form>
  )
}

function RefusalText({ refusal }: { refusal: Extract<RevokeState, { kind: 'refused' }>['refusal'] }) {
  switch (refusal) {
    case 'signed-out':
      return <SignedOut undone="nothing was revoked" then="confirm here again" />
    case 'not-allowed':
      return (
        <p>
          You may see these tokens, but not revoke them. Ask an owner or administrator. Nothing was revoked.
        </p>
      )
    case 'not-found':
      return (
        <p>
          None of these tokens belongs here any more. Close this and reload the list. Nothing was revoked.
        </p>
      )
    case 'too-many-siblings':
      return (
        <p>
          There are too many other live tokens to revoke at once: leave the tick out. Nothing was revoked.
        </p>
      )
    case 'busy':
      return <Busy undone="Nothing was revoked" next="confirm again" />
    case 'unavailable':
      return (
        <p>
          The database did not answer. Nothing you typed is lost: wait a moment, then confirm again. No token
          is revoked twice.
        </p>
      )
  }
}
