import { redirect } from 'next/navigation'
import { ownMemberships } from './own-memberships.ts'
import { partnerHome } from './partner-home.ts'

/** Nobody stays here: merchants start at My Services, partners at their tokens. */
export default async function HomePage() {
  const { stores, partners } = await ownMemberships()
  redirect((stores.length === 0 && partnerHome(partners)) || '/my-services')
}
