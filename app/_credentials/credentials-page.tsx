import { CredentialList } from '#components/credentials/credential-list.tsx'
import { MakeCredential } from '#components/credentials/make-credential.tsx'
import { apiHelpPath } from '#components/help/help-path.ts'
import { Link } from '#components/ui/link.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { endedCredentials, liveCredentials } from '#lib/credentials/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { changeCredentialsOf } from '../_actions/credentials.ts'
import { boundParty } from '../bound-party.ts'
import { credentialsPath } from '../paths.ts'

type Props = { actor: Actor; searchParams: Record<string, string | string[] | undefined> }

/** With what programs work for either side, and the form of a new credential. */
export async function CredentialsPage({ actor, searchParams }: Props) {
  const db = getDatabase()
  const [live, ended] = await Promise.all([liveCredentials(actor, { db }), endedCredentials(actor, { db })])
  const mayChange = actor.role === 'owner'
  const action = changeCredentialsOf.bind(null, boundParty(actor))
  return (
    <div className="grid gap-5">
      <p className="max-w-3xl text-soft">
        A program works here with a service credential: through the management API, in its own name, and only
        as far as the credential allows. It is no partner access token, and calls no store.{' '}
        <Link href={apiHelpPath()} className="text-accent underline underline-offset-4">
          How a program uses it
        </Link>
      </p>
      <CredentialList
        live={live}
        ended={ended}
        action={mayChange ? action : null}
        page={credentialsPath(actor)}
        revoking={(mayChange && live.find(({ id }) => id === searchParams.revoke)) || null}
      />
      {mayChange ? (
        <MakeCredential action={action} />
      ) : (
        <p className="text-sm text-soft">You may see service credentials. Changing them takes an owner.</p>
      )}
    </div>
  )
}
