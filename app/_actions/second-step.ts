'use server'

import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { cookieName, cookieOptions, cookieSettings } from '#lib/auth/sessions/cookies.ts'
import { createDeviceMark } from '#lib/auth/sessions/device-mark.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { relyingPartyOf } from '#lib/factors/relying-party.ts'
import {
  finishWithPasskey,
  finishWithRecoveryCode,
  type Opened,
  signInWithPasskey,
} from '#lib/factors/sign-in-steps.ts'
import type { Result } from '#lib/result.ts'
import { safeCallbackUrl, secondStepHref, signInHref } from '../_auth/callback-url.ts'
import { currentUser } from '../_auth/current-user.ts'
import { csrfHeader } from '../_auth/page-headers.ts'
import { ownOrigin, requestOrigin } from '../_auth/request-origin.ts'
import { guardGuestAction } from './guard/guard.ts'
import { setSessionCookie } from './session-cookie.ts'

const daySeconds = 86_400
const text = z.string().max(20_000).catch('')
const schema = z.object({ typed: text, firstStep: text, csrfToken: text })

/** Signs in with a passkey alone. */
export async function signInByPasskey(callbackUrl: string, form: FormData): Promise<void> {
  const result = await guardGuestAction(await read(form, 'answer'), schema, async ({ input, db, now }) =>
    signInWithPasskey({ answer: input.typed, csrfToken: input.csrfToken }, await toolsOf({ db, now })),
  )
  if (result.ok) await enter(result, callbackUrl)
  const isAway = !result.ok && result.refusal === 'unavailable'
  redirect(signInHref({ callbackUrl, error: isAway ? 'unavailable' : 'passkey-failed' }))
}

/** Ends signing in with a passkey, after a password or single sign-on that was right. */
export async function finishByPasskey(callbackUrl: string, form: FormData): Promise<void> {
  const result = await guardGuestAction(await read(form, 'answer'), schema, async ({ input, db, now }) =>
    finishWithPasskey({ answer: input.typed, firstStep: input.firstStep }, await toolsOf({ db, now })),
  )
  await lead(result, callbackUrl)
}

/** Ends it with a recovery code; works without JavaScript. */
export async function finishByRecoveryCode(callbackUrl: string, form: FormData): Promise<void> {
  const result = await guardGuestAction(await read(form, 'code'), schema, async ({ input, db, now }) =>
    finishWithRecoveryCode({ code: input.typed, firstStep: input.firstStep }, await toolsOf({ db, now })),
  )
  await lead(result, callbackUrl)
}

async function lead(result: Result<Opened, unknown>, callbackUrl: string): Promise<never> {
  if (result.ok) return enter(result, callbackUrl)
  const { refusal } = result
  if (refusal === 'no-first-step') redirect(signInHref({ callbackUrl, error: 'second-step-expired' }))
  if (refusal === 'unavailable') redirect(secondStepHref(callbackUrl, 'unavailable'))
  if (typeof refusal === 'object' && refusal !== null && 'waitSeconds' in refusal) {
    redirect(secondStepHref(callbackUrl, `throttled-${Math.ceil(Number(refusal.waitSeconds) / 60)}`))
  }
  redirect(secondStepHref(callbackUrl, 'not-proven'))
}

/** Hands the browser its session, and the mark by which it is known at later guesses. */
async function enter({ value }: { value: Opened }, callbackUrl: string): Promise<never> {
  await setSessionCookie(value)
  const settings = cookieSettings()
  const options = cookieOptions(settings)
  const jar = await cookies()
  const mark = createDeviceMark({ email: value.email, secret: authSecret(), now: new Date() })
  jar.set(cookieName('device', settings), mark, { ...options, maxAge: 365 * daySeconds })
  jar.set(cookieName('first-step', settings), '', { ...options, maxAge: 0 })
  redirect(safeCallbackUrl(callbackUrl))
}

async function read(form: FormData, field: 'answer' | 'code') {
  const settings = cookieSettings()
  return {
    typed: form.get(field),
    firstStep: (await cookies()).get(cookieName('first-step', settings))?.value,
    csrfToken: (await headers()).get(csrfHeader),
  }
}

async function toolsOf<T>(tools: T) {
  return {
    ...tools,
    origin: await requestOrigin(),
    replaces: await currentUser(),
    rp: relyingPartyOf(await ownOrigin()),
    secret: authSecret(),
  }
}
