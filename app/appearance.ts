import { cookies } from 'next/headers'
import { cache } from 'react'
import { z } from 'zod'
import { cookieName, cookieOptions, cookieSettings } from '#lib/auth/sessions/cookies.ts'
import { outOfDate } from '#lib/text/row-id.ts'

export const appearanceSchema = z.object({
  theme: z.enum(['system', 'light', 'dark'], outOfDate),
  keys: z.enum(['on', 'off'], outOfDate),
})

/** The colours of the pages, and whether single keys do something on them. */
export type Appearance = z.output<typeof appearanceSchema>

/** Browsers keep no cookie for longer. */
const keptDays = 400
const usual: Appearance = { theme: 'system', keys: 'on' }

/** As it was chosen in this browser: the server writes it into the first answer, so that no page changes its colours. */
export const readAppearance = cache(async (): Promise<Appearance> => {
  const kept = (await cookies()).get(cookieName('appearance', cookieSettings()))?.value ?? ''
  const [theme, keys] = kept.split('.')
  return appearanceSchema.safeParse({ theme, keys }).data ?? usual
})

/** Actions only. */
export async function keepAppearance({ theme, keys }: Appearance): Promise<void> {
  const settings = cookieSettings()
  const options = { ...cookieOptions(settings), maxAge: keptDays * 86_400 }
  ;(await cookies()).set(cookieName('appearance', settings), `${theme}.${keys}`, options)
}
