'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { Role, Side } from '#lib/access/actor.ts'
import type { ListedCredential } from '#lib/credentials/list.ts'
import type { Belongings } from '#lib/members/belongings.ts'
import { maxMembers } from '#lib/members/limits.ts'
import type { MemberList } from '#lib/members/list.ts'
import { CredentialRows } from '../credentials/credential-rows.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { Card } from '../ui/card.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { DialogForm } from '../ui/dialog-form.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { type FormAction, isFailed } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import { BelongingsChoice } from './belongings-choice.tsx'
import { InvitationRows } from './invitation-rows.tsx'
import { InviteForm } from './invite-form.tsx'
import type { MembersState } from './member-actions.ts'
import { MemberRows } from './member-rows.tsx'
import { ResetDialog } from './reset-dialog.tsx'
import { RoleTable } from './role-table.tsx'
import { SecondFactorCard } from './second-factor-card.tsx'
import { attempt, doneText, leavingText, partyNames, refusalTexts, withArticle } from './words.ts'

/** `demote`: becomes what `becomes` says. */
type Leaving = {
  userId: string
  name: string
  email: string
  isSelf: boolean
  verb: 'leave' | 'remove' | 'demote'
  becomes: Extract<Role, 'viewer' | 'administrator'>
  belongings: Belongings
}

type Props = {
  side: Side
  partyName: string
  list: MemberList
  /** With what programs work here. */
  credentials: ListedCredential[]
  credentialsHref: Route
  mayChange: boolean
  action: FormAction<MembersState>
  /** The page's own address, without parameters. */
  page: Route
  /** The list as a file. */
  csvHref: string
  /** The member whom the address asks to remove; the person themselves: to leave. */
  leaving: Leaving | null
  /** The member whose passkeys the address asks to remove. */
  resetting: { userId: string; name: string; email: string } | null
  demandsSecondFactor: boolean
}

/** Who works for a store or a partner: the one page for both sides. */
export function Members(props: Props) {
  const { side, partyName, list, mayChange, action, page, leaving, resetting, demandsSecondFactor } = props
  const { csvHref, credentials, credentialsHref } = props
  const form = useForm(action)
  const { state, submit, pending, outcome } = form
  const router = useRouter()
  const { members, invitations } = list
  const owners = members.filter(({ role, isDisabled }) => role === 'owner' && !isDisabled)
  const lastOwnerId = owners.length === 1 ? (owners[0]?.userId ?? null) : null
  const isLastOwner = members.some(({ isSelf, userId }) => isSelf && userId === lastOwnerId)
  const inDialog = leaving ?? resetting
  // Without an answer nobody says what it was about: the dialog stands open over all else.
  const failedInDialog =
    inDialog && isFailed(state) && (state.sent === undefined || state.sent.about === inDialog.userId)

  useEffect(() => {
    if (state.kind !== 'done') return
    const { verb } = state.value
    const isOfDialog = verb === 'remove' || verb === 'reset-factors' || leaving?.verb === 'demote'
    if (isOfDialog) router.replace(page, { scroll: false })
  }, [state, page, router, leaving?.verb])

  const notice =
    state.kind === 'done' ? (
      <Notice kind="ok" role="status" tabIndex={-1} ref={outcome} className="wrap-anywhere">
        {doneText(state.value)}
      </Notice>
    ) : (
      <FormProblem form={form} attempt={attempt} own={refusalTexts} className="wrap-anywhere" />
    )
  return (
    <div className="grid gap-5">
      {!failedInDialog && notice}
      {!mayChange && (
        <p className="text-sm text-soft">You may see who works here. Changing it takes an owner.</p>
      )}
      <Card aria-labelledby="members-title">
        <div className="flex flex-wrap items-center justify-between gap-x-4 px-4 py-2.5">
          <h2 id="members-title" className="py-1 text-base font-semibold">
            Who works here
          </h2>
          <CsvLink href={csvHref} />
        </div>
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
          <p className="border-t border-line px-4 py-3 text-sm text-soft">
            The first {maxMembers} are listed.
          </p>
        )}
        <div className="border-t border-line px-4 py-3">
          {isLastOwner ? (
            <p className="text-sm text-soft">
              You are the only owner. Make somebody else an owner first: then you can leave.
            </p>
          ) : (
            <ButtonLink href={`${page}?leave=yes` as Route} scroll={false}>
              Leave this {partyNames[side]}
            </ButtonLink>
          )}
        </div>
      </Card>
      {invitations.length > 0 && (
        <Card aria-labelledby="invitations-title">
          <h2 id="invitations-title" className="px-4 py-3.5 text-base font-semibold">
            Invitations not accepted yet
          </h2>
          <InvitationRows invitations={invitations} submit={submit} pending={pending} />
        </Card>
      )}
      <Card aria-labelledby="programs-title">
        <div className="flex flex-wrap items-center justify-between gap-x-4 px-4 py-2.5">
          <h2 id="programs-title" className="py-1 text-base font-semibold">
            Programs that work here
          </h2>
          <ButtonLink href={credentialsHref}>Service credentials</ButtonLink>
        </div>
        {credentials.length > 0 ? (
          <CredentialRows credentials={credentials} revokeHref={null} />
        ) : (
          <p className="border-t border-line px-4 py-3 text-soft">
            None. A program can list tokens here with a service credential, which an owner makes.
          </p>
        )}
      </Card>
      {mayChange && (
        <Card className="grid gap-3 p-4" aria-labelledby="invite-title">
          <h2 id="invite-title" className="text-base font-semibold">
            Invite somebody
          </h2>
          <InviteForm form={form} />
        </Card>
      )}
      <RoleTable side={side} />
      {mayChange && (
        <SecondFactorCard
          side={side}
          demandsSecondFactor={demandsSecondFactor}
          without={members.filter(({ hasPasskey }) => !hasPasskey).length}
          submit={submit}
          pending={pending}
        />
      )}
      {resetting && (
        <ResetDialog
          key={resetting.userId}
          member={resetting}
          page={page}
          form={form}
          problem={failedInDialog && notice}
        />
      )}
      {leaving && (
        <DialogForm
          key={leaving.userId}
          id="leave"
          title={<LeavingTitle leaving={leaving} partyName={partyName} />}
          describedBy="leave-text"
          behind={page}
          form={form}
          confirm={{
            label: { leave: 'Leave', remove: 'Remove', demote: `Make ${withArticle[leaving.becomes]}` }[
              leaving.verb
            ],
            look: 'danger',
            name: 'verb',
            value: leaving.verb === 'demote' ? 'change-role' : leaving.verb,
          }}
          problem={failedInDialog && notice}
        >
          {leaving.verb !== 'leave' && (
            <p className="text-soft wrap-anywhere">
              <bdi>{leaving.email}</bdi>
            </p>
          )}
          <p id="leave-text">{leavingText(leaving, partyNames[side])}</p>
          <BelongingsChoice belongings={leaving.belongings} />
          {leaving.verb === 'demote' && <input type="hidden" name="role" value={leaving.becomes} />}
          <input type="hidden" name="userId" value={leaving.userId} />
        </DialogForm>
      )}
    </div>
  )
}

function LeavingTitle({ leaving, partyName }: { leaving: Leaving; partyName: string }) {
  switch (leaving.verb) {
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
          Make <bdi>{leaving.name}</bdi> {withArticle[leaving.becomes]}?
        </>
      )
  }
}
