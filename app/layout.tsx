import type { Metadata } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { KeptTyping } from '#components/ui/kept-typing.tsx'
import { fontClasses } from './fonts/fonts.ts'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Partner Tokens', template: '%s · Partner Tokens' },
  description: 'See and revoke the partner access tokens of your stores.',
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is made for its request: the nonce of the content security policy is in it.
  await connection()
  return (
    <html lang="en" className={fontClasses}>
      <body>
        <KeptTyping />
        {children}
      </body>
    </html>
  )
}
