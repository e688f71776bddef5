import type { Metadata } from 'next'
import { InboxPage } from '../../_inbox/inbox-page.tsx'

export const metadata: Metadata = { title: 'Inbox' }

export default async function MerchantInboxPage({ searchParams }: PageProps<'/inbox'>) {
  return <InboxPage side="merchant" searchParams={await searchParams} />
}
