import type { Metadata } from 'next'
import { ArrivalNotice } from '#components/ui/arrival-notice.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { leaksPath } from '../../paths.ts'

export const metadata: Metadata = { title: 'Report received' }

export default function ReportReceivedPage() {
  return (
    <>
      <PublicHeader signIn="offered" />
      <main className="mx-auto grid w-full max-w-2xl gap-5 px-4 py-12">
        <h1 className="text-[26px] leading-tight font-semibold tracking-tight">Report received</h1>
        <ArrivalNotice kind="ok">
          <p>Thank you. We have your report.</p>
        </ArrivalNotice>
        <p>What happens next:</p>
        <ol className="grid list-decimal gap-2 pl-5">
          <li>Each text that may be a token is looked up, in a few seconds.</li>
          <li>A token that works is revoked, or paused until its store has decided.</li>
          <li>Its store and its partner are notified, with the address and the words that you gave.</li>
        </ol>
        <p className="text-soft">
          We do not say which of the texts were tokens: then anybody could try texts here. Please take the
          token away from where you found it, if you can.
        </p>
        <div>
          <ButtonLink href={leaksPath}>Report another one</ButtonLink>
        </div>
      </main>
    </>
  )
}
