import type { Metadata } from 'next'
import { AcceptInvitationForm } from '#components/members/accept-invitation-form.tsx'
import { closedTexts } from '#components/members/invitation-texts.ts'
import { JoinForm } from '#components/members/join-form.tsx'
import { partyNames, withArticle } from '#components/members/words.ts'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { openInvitation } from '#lib/members/open-invitation.ts'
import { getDatabase } from '#lib/process/database.ts'
import { acceptOwnInvitation, joinWithNewAccount } from '../../_actions/invitations.ts'
import { signInHref } from '../../_auth/callback-url.ts'
import { currentUser } from '../../_auth/current-user.ts'
import { mailedSecretOf } from '../../_auth/mailed-address.ts'
import { OpenLinkAgain } from '../../open-link-again.tsx'
import { invitationPath } from '../../paths.ts'
import { PlainPage } from '../../plain-page.tsx'
import { SignOut } from '../../sign-out.tsx'

export const metadata: Metadata = { title: 'Invitation', robots: { index: false } }

export default async function InvitationPage({ params }: PageProps<'/invitations/[secret]'>) {
  const { secret: part } = await params
  const secret = await mailedSecretOf(part)
  if (secret === undefined) return <OpenLinkAgain title="Invitation" />
  const [user, found] = await Promise.all([currentUser(), openInvitation(secret, { db: getDatabase() })])
  if (!found.ok) {
    return (
      <PlainPage title="Invitation">
        <Card className="grid justify-items-start gap-4 p-5 sm:p-6">
          <p>{closedTexts[found.refusal]}</p>
          <ButtonLink href="/">Go to your start page</ButtonLink>
        </Card>
      </PlainPage>
    )
  }
  const { side, partyName, role, email, invitedBy, hasAccount } = found.value
  return (
    <PlainPage title={`Work for ${partyName}`}>
      <Card className="grid gap-5 p-5 sm:p-6">
        <p className="wrap-anywhere">
          <bdi>{invitedBy}</bdi> invites <strong className="font-semibold">{email}</strong> to the{' '}
          {partyNames[side]} “<bdi>{partyName}</bdi>”, as {withArticle[role]}.
        </p>
        {user?.email === email ? (
          <AcceptInvitationForm action={acceptOwnInvitation.bind(null, secret)} />
        ) : user ? (
          <>
            <Notice kind="warn">
              <p className="wrap-anywhere">
                You are signed in as {user.email}. Only who has the address above can accept: sign out, then
                open the invitation again.
              </p>
            </Notice>
            <div>
              <SignOut />
            </div>
          </>
        ) : hasAccount ? (
          <>
            <p className="text-soft">
              There is an account with this address. Sign in, and you come back here.
            </p>
            <div>
              <ButtonLink look="primary" href={signInHref({ callbackUrl: invitationPath(part) })}>
                Sign in
              </ButtonLink>
            </div>
          </>
        ) : (
          <JoinForm action={joinWithNewAccount.bind(null, secret)} email={email} />
        )}
      </Card>
    </PlainPage>
  )
}
