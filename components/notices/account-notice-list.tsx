import { Link } from '#components/ui/link.tsx'
import type { AccountNotice } from '#lib/notifications/account-notices.ts'
import { Card } from '../ui/card.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'

const texts: Record<string, string> = {
  'password.changed': 'Your password was changed',
  'password.reset': 'Your password was set anew from a mail',
  'passkey.added': 'A passkey was added to your account',
  'passkey.removed': 'A passkey was removed from your account',
  'recovery-codes.made': 'New recovery codes were made for your account',
  'recovery-code.used': 'A recovery code was used to sign in to your account',
  'second-factor.reset': 'All passkeys and recovery codes were taken from your account',
  'identity.bound': 'Single sign-on was connected to your account',
}

/** What happened to the reader's own account. */
export function AccountNotices({ notices }: { notices: AccountNotice[] }) {
  return (
    <Card className="mb-4" aria-labelledby="account-notices-title">
      <h2 id="account-notices-title" className="px-4 py-3.5 text-base font-semibold">
        Your account
      </h2>
      <ul className="divide-y divide-line border-t border-line">
        {notices.map(({ id, kind, occurredAt, details, readAt }) => (
          <li key={id} className="grid gap-1 px-4 py-3">
            <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
              {!readAt && <Tag look="accent">Unread</Tag>}
              <Link href="/account" className="py-0.5 text-accent underline underline-offset-4">
                {texts[kind] ?? 'Your account was changed'}
              </Link>
            </div>
            <p className="text-[13px] text-soft wrap-anywhere">
              <Time at={occurredAt} show="date-and-time" />
              {details?.address && ` · from ${details.address}`}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
