import type { Metadata } from 'next'
import { ArrivalNotice } from '#components/ui/arrival-notice.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'

export const metadata: Metadata = { title: 'Application received' }

export default function ReceivedPage() {
  return (
    <main className="mx-auto grid w-full max-w-2xl gap-5 px-4 py-12">
      <p className="font-semibold tracking-tight">Partner Tokens</p>
      <h1 className="text-[26px] leading-tight font-semibold tracking-tight">Application received</h1>
      <ArrivalNotice kind="ok">
        <p>We have your Application for Partner Access.</p>
      </ArrivalNotice>
      <p>What happens next:</p>
      <ol className="grid list-decimal gap-2 pl-5">
        <li>An operator reads it and decides.</li>
        <li>We write to the e-mail address that you gave, whatever the answer is.</li>
        <li>
          If it is approved, the mail invites you to work for your new partner here. There you find its
          Partner ID.
        </li>
        <li>Tell a merchant your Partner ID: once they add it, your token waits for you here.</li>
      </ol>
      <div>
        <ButtonLink href="/sign-in">To the sign-in page</ButtonLink>
      </div>
    </main>
  )
}
