import { redirect } from 'next/navigation'
import { membershipsOf } from '#lib/auth/memberships.ts'
import { requireUser } from '#lib/auth/require-user.ts'
import { getDatabase } from '#lib/database.ts'
import { partnerHome } from './partner-home.ts'

/** Nobody stays here: merchants start at My Services, partners at their tokens. */
export default async function HomePage() {
  const user = await requireUser()
  const { stores, partners } = await membershipsOf(user, { db: getDatabase() })
  redirect((stores.length === 0 && partnerHome(partners)) || '/my-services')
}
