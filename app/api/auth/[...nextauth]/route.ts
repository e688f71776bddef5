import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { signInHref } from '#app/_auth/callback-url.ts'
import { currentUser } from '#app/_auth/current-user.ts'
import { authOptions } from '#app/_auth/next-auth.ts'
import { ownOrigin, requestOrigin } from '#app/_auth/request-origin.ts'
import { cookieName, cookieSettings } from '#lib/auth/sessions/cookies.ts'
import { deviceCookie } from '#lib/auth/sessions/device-mark.ts'
import type { SignedIn } from '#lib/auth/sessions/signed-in.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { finishAnswer } from './answer-next-auth.ts'
import { dropUnreadableCallback } from './callback-cookie.ts'
import { hasReadableFields } from './fields.ts'
import { recordRefusedCallback } from './refused-callback.ts'
import { leadToSecondStep } from './second-step.ts'

type Method = 'GET' | 'POST'
type Context = { params: Promise<{ nextauth: string[] }> }

/** What we use of next-auth; the rest (such as a log that anybody may write to) does not exist. */
const actions: Record<Method, string[]> = {
  GET: ['csrf', 'providers', 'session', 'signin', 'signout', 'callback', 'error'],
  POST: ['signin', 'signout', 'callback'],
}
const noStore = { 'Cache-Control': 'no-store' }

export const GET = (request: NextRequest, context: Context) => handle('GET', request, context)
export const POST = (request: NextRequest, context: Context) => handle('POST', request, context)

async function handle(method: Method, request: NextRequest, context: Context): Promise<Response> {
  const [action = '', provider] = (await context.params).nextauth
  if (!actions[method].includes(action)) return new Response('Not found', { status: 404, headers: noStore })
  // next-auth would answer these two as if they were our failure.
  if (method === 'GET' && action === 'callback' && provider === 'credentials') {
    const headers = { ...noStore, Allow: 'POST' }
    return new Response('A password comes by POST only', { status: 405, headers })
  }
  if (method === 'POST' && !(await hasReadableFields(request)))
    return new Response('The body is no form', { status: 400, headers: noStore })

  let signedIn: SignedIn | null
  try {
    signedIn = await currentUser()
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    // Without the database nobody can be signed in or out, or learn who they are; the cookie stays as it is.
    log.error({ err: error }, 'no session can be read')
    if (action === 'session') return Response.json({}, { status: 503, headers: noStore })
    const headers = { ...noStore, Location: signInHref({ error: 'unavailable' }) }
    return new Response(null, { status: 303, headers })
  }

  let callbackUrl = '/'
  let newDeviceMark = ''
  let firstStep = ''
  const settings = cookieSettings()
  const origin = await requestOrigin()
  const options = authOptions({
    origin,
    signedIn,
    deviceMark: request.cookies.get(cookieName('device', settings))?.value,
    onDeviceMark: (mark) => {
      newDeviceMark = mark
    },
    onFirstStep: (secret) => {
      firstStep = secret
    },
    onCallbackUrl: (path) => {
      callbackUrl = path
    },
  })
  await dropUnreadableCallback()
  const answer: Response = await NextAuth(request, context, options)
  const asked = { action, method, ownOrigin: await ownOrigin(), callbackUrl }
  const finished = firstStep
    ? leadToSecondStep(answer, callbackUrl, { firstStep, settings })
    : await finishAnswer(answer, asked)
  if (action === 'callback') await recordRefusedCallback(finished, provider, origin)
  if (newDeviceMark) finished.headers.append('Set-Cookie', deviceCookie(newDeviceMark, settings))
  return finished
}
