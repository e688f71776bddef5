import { secondStepHref } from '#app/_auth/callback-url.ts'
import { type CookieSettings, cookieName, cookieOptions } from '#lib/auth/sessions/cookies.ts'
import { firstStepMinutes } from '#lib/auth/sign-in/first-step.ts'

/** In place of next-auth's answer: no session, a cookie that says the first step was right, and where to go on. */
export function leadToSecondStep(
  answer: Response,
  callbackUrl: string,
  { firstStep, settings }: { firstStep: string; settings: CookieSettings },
): Response {
  const headers = new Headers({ 'Cache-Control': 'no-store' })
  for (const cookie of answer.headers.getSetCookie()) headers.append('Set-Cookie', cookie)
  const { path, secure } = cookieOptions(settings)
  const attributes = [`Path=${path}`, `Max-Age=${firstStepMinutes * 60}`, 'HttpOnly', 'SameSite=Lax']
  if (secure) attributes.push('Secure')
  headers.append(
    'Set-Cookie',
    [`${cookieName('first-step', settings)}=${firstStep}`, ...attributes].join('; '),
  )
  const target = secondStepHref(callbackUrl)
  if (answer.headers.get('content-type')?.includes('json')) return Response.json({ url: target }, { headers })
  headers.set('Location', target)
  return new Response(null, { status: 303, headers })
}
