import type { Route } from 'next'
import type { ListedCredential } from '#lib/credentials/list.ts'
import { Person } from '../people/person.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { scopesText } from './words.ts'

type Props = {
  credentials: ListedCredential[]
  /** Null for who may see only, and of those that ended. */
  revokeHref: ((credentialId: string) => Route) | null
}

/** Service credentials, each with what it may do, who made it and when it was used last. */
export function CredentialRows({ credentials, revokeHref }: Props) {
  return (
    <ul className="divide-y divide-line border-t border-line">
      {credentials.map((credential) => (
        <li key={credential.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
          <div className="grid min-w-0 flex-1 basis-64 gap-0.5">
            <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
              <bdi>{credential.name}</bdi>
              <span className="font-mono text-[13px] font-normal text-soft">
                …{credential.lastCharacters}
              </span>
              <End credential={credential} />
            </p>
            <p className="text-[13px] text-soft wrap-anywhere">
              {sentence(scopesText(credential.scopes))} · {fromWhere(credential.networks)}
            </p>
            <p className="text-[13px] text-soft wrap-anywhere">
              <LastUse credential={credential} />
              {credential.revokedAt === null && (
                <>
                  {' · '}
                  {credential.expiresAt > credential.asOf ? 'ends' : 'ended'}{' '}
                  <Time at={credential.expiresAt} />
                </>
              )}
            </p>
            <p className="text-[13px] text-soft wrap-anywhere">
              Made <Time at={credential.createdAt} /> by{' '}
              <Person name={credential.createdByName} email={credential.createdByEmail} />
              {!credential.isMakerOwner && ', who is no owner here any more'}
            </p>
            {credential.revokedAt && credential.revokedByName && (
              <p className="text-[13px] text-soft wrap-anywhere">
                Revoked <Time at={credential.revokedAt} show="date-and-time" /> by{' '}
                <Person name={credential.revokedByName} email={credential.revokedByEmail} />
              </p>
            )}
          </div>
          {revokeHref && (
            <ButtonLink
              href={revokeHref(credential.id)}
              scroll={false}
              aria-label={`Revoke ${credential.name}, ending in ${credential.lastCharacters}`}
            >
              Revoke
            </ButtonLink>
          )}
        </li>
      ))}
    </ul>
  )
}

const soonMs = 14 * 86_400_000

function End({ credential: { revokedAt, expiresAt, asOf } }: { credential: ListedCredential }) {
  if (revokedAt) return <Tag look="danger">Revoked</Tag>
  if (expiresAt <= asOf) return <Tag>Expired</Tag>
  return expiresAt.getTime() - asOf.getTime() < soonMs ? <Tag look="warn">Ends soon</Tag> : null
}

function LastUse({ credential: { lastUsedAt, lastAddress, asOf } }: { credential: ListedCredential }) {
  if (!lastUsedAt) return 'Not used yet'
  return (
    <>
      Last used <Time at={lastUsedAt} ago={asOf} />
      {lastAddress && ` from ${lastAddress}`}
    </>
  )
}

function fromWhere(networks: string[]): string {
  return networks.length === 0 ? 'from any address' : `from ${networks.map(withoutWhole).join(', ')}`
}

/** An address is not written as a network of one. */
const withoutWhole = (network: string) => network.replace(/^([\d.]+)\/32$|^([\da-f:]+)\/128$/, '$1$2')

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
