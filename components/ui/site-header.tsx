import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { helpPages } from '../help/help-path.ts'
import { Link } from './link.tsx'

type Props = {
  userName: string
  /** The side that the page belongs to; null for pages of the person. */
  side: Side | null
  /** Where each side starts; null where the person is not on it. */
  sides: Record<Side, Route | null>
  /** Of the page's side; `unread` null: none. */
  inbox: { href: Route; unread: string | null }
  /** Where operators decide; null for everybody else. */
  operatorHome: Route | null
  signOut: ReactNode
}

const titles: Record<Side, string> = { merchant: 'Merchant', partner: 'Partner' }

/** The bar on top of every page: home, the switch of someone who is on both sides, the account. */
export function SiteHeader({ userName, side, sides, inbox, operatorHome, signOut }: Props) {
  const both = sides.merchant && sides.partner
  return (
    <header className="border-b border-line bg-card">
      <div className="mx-auto flex max-w-(--page-width) flex-wrap items-center justify-end gap-x-2.5 px-4 max-sm:py-0.5 sm:gap-x-5 sm:gap-y-2 sm:px-6 sm:py-2.5">
        <Link href="/" className="mr-auto py-0.5 font-semibold tracking-tight max-sm:py-3">
          Partner Tokens
        </Link>
        {both && (
          <nav aria-label="Side" className="flex overflow-hidden rounded-lg border border-line text-[13px]">
            {(Object.keys(titles) as Side[]).map((name) => (
              <Link
                key={name}
                href={sides[name] as Route}
                aria-current={name === side ? 'true' : undefined}
                className="px-3 py-1 text-soft -outline-offset-2 aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-accent"
              >
                {titles[name]}
              </Link>
            ))}
          </nav>
        )}
        <div className="flex min-w-0 items-center gap-x-3 max-sm:basis-full sm:gap-x-5">
          <Link
            href={inbox.href}
            className="shrink-0 py-1 text-sm max-sm:py-3 text-soft hover:text-ink hover:underline"
          >
            Inbox{' '}
            {inbox.unread && (
              <span className="ml-0.5 rounded-full bg-accent px-1.5 py-0.5 text-xs font-medium text-on-accent">
                {inbox.unread}
                <span className="sr-only"> unread</span>
              </span>
            )}
          </Link>
          {operatorHome && (
            <Link
              href={operatorHome}
              className="shrink-0 py-1 text-sm max-sm:py-3 text-soft hover:text-ink hover:underline"
            >
              Applications
            </Link>
          )}
          <Link
            href={side ? helpPages[side] : '/help'}
            className="shrink-0 py-1 text-sm max-sm:py-3 text-soft hover:text-ink hover:underline"
          >
            Help
          </Link>
          <Link
            href="/account"
            className="min-w-0 truncate py-1 text-sm max-sm:py-3 text-soft hover:text-ink hover:underline max-sm:ml-auto sm:max-w-44"
          >
            <span className="sr-only">Account: </span>
            <bdi>{userName}</bdi>
          </Link>
          <div className="shrink-0">{signOut}</div>
        </div>
      </div>
    </header>
  )
}
