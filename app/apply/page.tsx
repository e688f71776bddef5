import type { Metadata } from 'next'
import { ApplyForm } from '#components/applications/apply-form.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { sendApplication } from '../_actions/applications.ts'

export const metadata: Metadata = { title: 'Application for Partner Access' }

/** For companies that want to call stores' APIs; anybody may apply. */
export default function ApplyPage() {
  return (
    <>
      <PublicHeader signIn="offered" />
      <main className="mx-auto grid w-full max-w-2xl gap-5 px-4 py-12">
        <div>
          <h1 className="text-[26px] leading-tight font-semibold tracking-tight">
            Application for Partner Access
          </h1>
          <p className="mt-1 text-soft">
            With a Partner ID, merchants can add your company to their stores and give you a token for their
            APIs. You have one already?{' '}
            <Link href="/sign-in" className="text-accent underline underline-offset-4">
              Sign in
            </Link>
          </p>
        </div>
        <Card className="p-5 sm:p-6">
          <ApplyForm action={sendApplication} />
        </Card>
      </main>
    </>
  )
}
