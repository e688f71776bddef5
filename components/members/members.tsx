'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useActionState, useEffect, useRef } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { Belongings } from '#lib/members/belongings.ts'
import type { MemberList } from '#lib/members/list.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Modal } from '../ui/modal.tsx'
import { Notice } from '../ui/notice.tsx'
import { BelongingsChoice } from './belongings-choice.tsx'
import { InvitationRows } from './invitation-rows.tsx'
import { InviteForm } from './invite-form.tsx'
import { MemberRows } from './member-rows.tsx'
import type { MembersAction } from './members-state.ts'
import { ResetDialog } from './reset-dialog.tsx'
import { SecondFactorCard } from './second-factor-card.tsx'
import { doneText, leavingText, partyNames, refusalText } from './words.ts'

/** `demote`: becomes a viewer. */
type Leaving = {
  userId: string
  name: string
  email: string
  isSelf: boolean
  deed: 'leave' | 'remove' | 'demote'
  belongings: Belongings
}

type Props = {
  side: Side
  partyName: string
  list: MemberList
  mayChange: boolean
  action: MembersAction
  /** The page's own address, without parameters. */
  page: Route
  /** The member whom the address asks to remove; the person himself: to leave. */
  leaving: Leaving | null
  /** The member whose passkeys the address asks to remove. */
  resetting: { userId: string; name: string; email: string } | null
  demandsSecondFactor: boolean
}

/** Who works for a store or a partner: the one page for both sides. */
export function Members(props: Props) {
  const { side, partyName, list, mayChange, action, page, leaving, resetting, demandsSecondFactor } = props
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const router = useRouter()
  const outcome = useRef<HTMLDivElement>(null)
  const { members, invitations } = list
  const owners = members.filter(({ role, isDisabled }) => role === 'owner' && !isDisabled)
  const lastOwnerId = owners.length === 1 ? (owners[0]?.userId ?? null) : null
  const isLastOwner = members.some(({ isSelf, userId }) => isSelf && userId === lastOwnerId)
  const inDialog = leaving ?? resetting
  const failedInDialog = inDialog && state.kind === 'refused' && state.about === inDialog.userId

  useEffect(() => {
    if (state.kind === 'idle') return
    // The button that was pressed may be gone with its row.
    outcome.current?.focus()
    const isDialogDone =
      state.kind === 'done' &&
      (state.deed === 'remove' || state.deed === 'reset-factors' || leaving?.deed === 'demote')
    if (isDialogDone) router.replace(page, { scroll: false })
  }, [state, page, router, leaving?.deed])

  const notice = state.kind !== 'idle' && (
    <Notice
      kind={state.kind === 'done' ? 'ok' : 'danger'}
      role={state.kind === 'done' ? 'status' : 'alert'}
      tabIndex={-1}
      ref={outcome}
      className="wrap-anywhere"
    >
      {state.kind === 'done' && doneText(state)}
      {state.kind === 'refused' && refusalText(state.refusal)}
      {state.kind === 'invalid' && (Object.values(state.errors)[0] ?? 'Load the page again and try again.')}
    </Notice>
  )
  return (
    <div className="grid gap-5">
      {!failedInDialog && notice}
      {!mayChange && (
        <p className="text-sm text-soft">You may see who works here. Changing it takes an owner.</p>
      )}
      {mayChange && (
        <Card className="grid gap-3 p-4" aria-labelledby="invite-title">
          <h2 id="invite-title" className="text-base font-semibold">
            Invite somebody
          </h2>
          <InviteForm side={side} state={state} submit={submit} pending={pending} />
        </Card>
      )}
      {mayChange && (
        <SecondFactorCard
          side={side}
          demandsSecondFactor={demandsSecondFactor}
          without={members.filter(({ hasPasskey }) => !hasPasskey).length}
          submit={submit}
          pending={pending}
        />
      )}
      {invitations.length > 0 && (
        <Card aria-labelledby="invitations-title">
          <h2 id="invitations-title" className="px-4 py-3.5 text-base font-semibold">
            Invitations not accepted yet
          </h2>
          <InvitationRows invitations={invitations} submit={submit} pending={pending} />
        </Card>
      )}
      <Card aria-labelledby="members-title">
        <h2 id="members-title" className="px-4 py-3.5 text-base font-semibold">
          Who works here
        </h2>
        <MemberRows
          members={members}
          lastOwnerId={lastOwnerId}
          change={
            mayChange
              ? {
                  submit,
                  pending,
                  removeHref: (id) => `${page}?remove=${id}` as Route,
                  resetHref: (id) => `${page}?reset=${id}` as Route,
                }
              : null
          }
        />
        {list.hasMore && (
          <p className="border-t border-line px-4 py-3 text-sm text-soft">The first 200 are listed.</p>
        )}
        <div className="border-t border-line px-4 py-3">
          {isLastOwner ? (
            <p className="text-sm text-soft">
              You are the only owner: you can leave, and become something else, once somebody else is one.
            </p>
          ) : (
            <ButtonLink href={`${page}?leave=yes` as Route} scroll={false}>
              Leave this {partyNames[side]}
            </ButtonLink>
          )}
        </div>
      </Card>
      {resetting && (
        <ResetDialog
          member={resetting}
          page={page}
          notice={failedInDialog && notice}
          submit={submit}
          pending={pending}
        />
      )}
      {leaving && (
        <Modal key={leaving.userId} labelledBy="leave-title" describedBy="leave-text" closeHref={page}>
          <form action={submit} method="post">
            <div className="grid gap-4 p-5">
              <h2 id="leave-title" className="text-lg font-semibold tracking-tight wrap-anywhere">
                <LeavingTitle leaving={leaving} partyName={partyName} />
              </h2>
              {leaving.deed !== 'leave' && (
                <p className="text-soft wrap-anywhere">
                  <bdi>{leaving.email}</bdi>
                </p>
              )}
              {failedInDialog && notice}
              <p id="leave-text">{leavingText(leaving.deed, partyNames[side])}</p>
              <BelongingsChoice belongings={leaving.belongings} />
              {leaving.deed === 'demote' && <input type="hidden" name="role" value="viewer" />}
              <input type="hidden" name="userId" value={leaving.userId} />
            </div>
            <div className="flex flex-wrap justify-end gap-2.5 border-t border-line px-5 py-3.5">
              <ButtonLink href={page} scroll={false} replace data-first-focus>
                Cancel
              </ButtonLink>
              <Button
                type="submit"
                name="deed"
                value={leaving.deed === 'demote' ? 'change-role' : leaving.deed}
                look="danger"
                disabled={pending}
              >
                {{ leave: 'Leave', remove: 'Remove', demote: 'Make a viewer' }[leaving.deed]}
              </Button>
            </div>
          </form>
        </Modal>
      )}
    </div>
  )
}

function LeavingTitle({ leaving, partyName }: { leaving: Leaving; partyName: string }) {
  switch (leaving.deed) {
    case 'leave':
      return (
        <>
          Leave <bdi>{partyName}</bdi>?
        </>
      )
    case 'remove':
      return (
        <>
          Remove <bdi>{leaving.name}</bdi>?
        </>
      )
    case 'demote':
      return (
        <>
          Make <bdi>{leaving.name}</bdi> a viewer?
        </>
      )
  }
}
