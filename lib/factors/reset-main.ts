import { connect } from '#db/client.ts'
import { resetFactorsByCommand } from './reset-by-command.ts'

/** `npm run reset-second-factor -- person@example.com`: docs/security.md, "Passkeys and the second factor". */
const [email, ...more] = process.argv.slice(2)
const url = process.env.DATABASE_URL
if (!email || more.length > 0 || !url)
  fail('Say whose: npm run reset-second-factor -- person@example.com. DATABASE_URL names the database.')
const db = connect({ url, applicationName: 'partner-tokens second factor', maxConnections: 1 })
try {
  const result = await resetFactorsByCommand({ email }, { db })
  if (!result.ok) fail('Nothing was done: nobody has this address.')
  const { name, passkeys, sessions } = result.value
  console.log(
    `Passkeys removed: ${passkeys}. Sessions ended: ${sessions}. ${name} (${email}) gets a mail, and signs in with the password or single sign-on alone until a passkey is added.`,
  )
} catch (error) {
  const { message, cause } = error as Error
  fail(`Nothing was done: ${cause instanceof Error ? cause.message : message}`)
} finally {
  await db.$client.end()
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
