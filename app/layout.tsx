import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { KeptTyping } from '#components/ui/kept-typing.tsx'
import { readAppearance } from './appearance.ts'
import { fontClasses } from './fonts/fonts.ts'
import './globals.css'
// Each would be a file of its own for a few lines; so they come with what every page loads.
import './error.tsx'
import './global-error.tsx'

export const metadata: Metadata = {
  title: { default: 'Partner Tokens', template: '%s · Partner Tokens' },
  description: 'See and revoke the partner access tokens of your stores.',
}

/** Known before any style is loaded: nothing flashes up in other colours. */
export async function generateViewport(): Promise<Viewport> {
  const { theme } = await readAppearance()
  return { colorScheme: theme === 'system' ? 'light dark' : theme }
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is made for its request: the nonce of the content security policy is in it.
  await connection()
  const { theme } = await readAppearance()
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} className={fontClasses}>
      <body>
        <KeptTyping />
        {children}
      </body>
    </html>
  )
}
