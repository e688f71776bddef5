import type { Metadata } from 'next'
import { apiHelpPath, helpPages, helpTopics } from '#components/help/help-path.ts'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { Side } from '#lib/access/actor.ts'
import { leaksPath } from '../paths.ts'

export const metadata: Metadata = { title: 'Help' }

const sides: { side: Side; title: string; text: string }[] = [
  {
    side: 'merchant',
    title: 'Help for stores',
    text: 'You run a store, and partners such as a shipping service read its orders.',
  },
  {
    side: 'partner',
    title: 'Help for partners',
    text: 'Your company’s programs call the APIs of stores.',
  },
]

export default function HelpIndexPage() {
  return (
    <>
      <PageHeader title="Help" />
      <div className="grid gap-4 sm:grid-cols-2">
        {sides.map(({ side, title, text }) => (
          <Card key={side} className="p-5" aria-labelledby={`help-${side}`}>
            <h2 id={`help-${side}`} className="text-lg font-semibold">
              <Link href={helpPages[side]} className="text-accent underline underline-offset-4">
                {title}
              </Link>
            </h2>
            <p className="mt-1 text-soft">{text}</p>
            <ul className="mt-3 grid gap-0.5 text-sm">
              {Object.entries(helpTopics[side]).map(([topic, question]) => (
                <li key={topic}>
                  <Link
                    href={`${helpPages[side]}#${topic}`}
                    className="block py-1.5 hover:underline max-sm:py-2.5"
                  >
                    {question}
                  </Link>
                </li>
              ))}
            </ul>
          </Card>
        ))}
        <Card className="p-5 sm:col-span-2" aria-labelledby="help-api">
          <h2 id="help-api" className="text-lg font-semibold">
            <Link href={apiHelpPath()} className="text-accent underline underline-offset-4">
              Management API
            </Link>
          </h2>
          <p className="mt-1 text-soft">Programs of either side look after tokens by themselves.</p>
        </Card>
        <Card className="p-5 sm:col-span-2" aria-labelledby="help-leaks">
          <h2 id="help-leaks" className="text-lg font-semibold">
            <Link href={leaksPath} className="text-accent underline underline-offset-4">
              Report a leaked token
            </Link>
          </h2>
          <p className="mt-1 text-soft">
            Anybody who has found a token in a log, a mail or a public repository can have it stopped, without
            an account.
          </p>
        </Card>
      </div>
    </>
  )
}
