import type { Metadata } from 'next'
import { InboxPage } from '../../_inbox/inbox-page.tsx'

export const metadata: Metadata = { title: 'Inbox' }

export default async function PartnerInboxPage({ searchParams }: PageProps<'/partner-inbox'>) {
  return <InboxPage side="partner" searchParams={await searchParams} />
}
