import { headers } from 'next/headers'
import { Button } from '#components/ui/button.tsx'
import { csrfHeader } from './_auth/page-headers.ts'

/**
 * The button that signs out. The browser itself sends its form and loads a new page, so that nothing of the old
 * one stays in memory; JavaScript has no part in it.
 */
export async function SignOut() {
  const csrfToken = (await headers()).get(csrfHeader) ?? ''
  return (
    <form method="post" action="/api/auth/signout">
      <input type="hidden" name="csrfToken" value={csrfToken} />
      <Button type="submit">Sign out</Button>
    </form>
  )
}
