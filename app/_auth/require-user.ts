import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { signInHref } from './callback-url.ts'
import { currentUser, hasSessionCookie } from './current-user.ts'
import { pathHeader } from './page-headers.ts'

/** For pages: who is asking, else off to the sign-in page and back here afterwards. */
export async function requireUser(): Promise<Reader> {
  const user = await currentUser()
  if (user) return user
  const callbackUrl = (await headers()).get(pathHeader) ?? '/'
  redirect(signInHref({ callbackUrl, error: (await hasSessionCookie()) ? 'session-ended' : undefined }))
}
