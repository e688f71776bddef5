import type { Metadata } from 'next'
import { ReportForm } from '#components/leaks/report-form.tsx'
import { reportRefusalIn } from '#components/leaks/report-refusals.ts'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PublicHeader } from '#components/ui/public-header.tsx'
import { leaksPath } from '../paths.ts'

export const metadata: Metadata = { title: 'Report a leaked token' }

/** For whoever has found a token where it should not stand. */
export default async function LeaksPage({ searchParams }: PageProps<'/leaks'>) {
  return (
    <>
      <PublicHeader signIn="offered" />
      <main className="mx-auto grid w-full max-w-2xl gap-5 px-4 py-12">
        <div>
          <h1 className="text-[26px] leading-tight font-semibold tracking-tight">Report a leaked token</h1>
          <p className="mt-1 text-soft">
            You have found a partner access token in a log, a mail or a public repository? Report it here,
            without an account: it is stopped within seconds, and its owners are notified. It is yours?{' '}
            <Link href="/sign-in" className="text-accent underline underline-offset-4">
              Sign in
            </Link>{' '}
            and revoke it.
          </p>
        </div>
        <Card className="p-5 sm:p-6">
          <ReportForm action={leaksPath} refusal={reportRefusalIn(await searchParams)} />
        </Card>
        <section className="grid gap-2 text-sm text-soft" aria-labelledby="programs">
          <h2 id="programs" className="font-semibold text-ink">
            From a program
          </h2>
          <p>
            Send up to 1,000 texts as JSON. The answer is the same whether they are tokens or not, so that
            nobody can try texts here.
          </p>
          <pre className="rounded-lg border border-line bg-ground p-3 font-mono text-[13px] text-ink whitespace-pre-wrap wrap-anywhere">
            <code>{`POST /leaks
Content-Type: application/json

{"texts": ["1.0_…"], "foundAt": "https://…", "words": "…"}`}</code>
          </pre>
        </section>
      </main>
    </>
  )
}
