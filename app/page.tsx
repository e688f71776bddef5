import { redirect } from 'next/navigation'
import { ownMemberships, ownOperator } from './own-memberships.ts'
import { partnerHome } from './partner-home.ts'

/** Nobody stays here: merchants start at My Services, partners at their tokens, operators at the applications. */
export default async function HomePage() {
  const { stores, partners } = await ownMemberships()
  if (stores.length === 0 && partners.length === 0 && (await ownOperator()))
    redirect('/operator/applications')
  redirect((stores.length === 0 && partnerHome(partners)) || '/my-services')
}
