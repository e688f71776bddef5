import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { signInHref } from '#lib/auth/callback-url.ts'
import { currentUser } from '#lib/auth/current-user.ts'
import { authOptions } from '#lib/auth/next-auth.ts'
import type { SignedIn } from '#lib/auth/open-session.ts'
import { ownOrigin, requestOrigin } from '#lib/auth/request-origin.ts'
import { log } from '#lib/log.ts'
import { finishAnswer } from './answer.ts'

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
  const [action = ''] = (await context.params).nextauth
  if (!actions[method].includes(action)) return new Response('Not found', { status: 404, headers: noStore })

  let signedIn: SignedIn | null
  try {
    signedIn = await currentUser()
  } catch (error) {
    // Without the database nobody can be signed in, out or told who he is; the cookie stays as it is.
    log.error({ err: error }, 'no session can be read')
    if (action === 'session') return Response.json({}, { status: 503, headers: noStore })
    const headers = { ...noStore, Location: signInHref({ error: 'unavailable' }) }
    return new Response(null, { status: 303, headers })
  }

  let callbackUrl = '/'
  const options = authOptions({
    origin: await requestOrigin(),
    signedIn,
    onCallbackUrl: (path) => {
      callbackUrl = path
    },
  })
  let answer: Response
  try {
    answer = await NextAuth(request, context, options)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return new Response('The body is no JSON', { status: 400, headers: noStore })
  }
  return finishAnswer(answer, { action, method, ownOrigin: await ownOrigin(), callbackUrl })
}
