import type { Route } from 'next'
import type { ListedMember } from '#lib/members/list.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Tag } from '../ui/tag.tsx'
import { RoleChange } from './role-change.tsx'
import { roleNames } from './words.ts'

type Props = {
  members: ListedMember[]
  /** Null for who may see only. */
  change: {
    submit: (form: FormData) => void
    pending: boolean
    removeHref: (userId: string) => Route
    resetHref: (userId: string) => Route
  } | null
  /** Whose role stays, because nobody else is an owner. */
  lastOwnerId: string | null
}

/** Who works here, each with what an owner may change. */
export function MemberRows({ members, change, lastOwnerId }: Props) {
  return (
    <ul className="divide-y divide-line border-t border-line">
      {members.map((member) => (
        <li key={member.userId} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-60">
            <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
              <bdi>{member.name}</bdi>
              {member.isSelf && <Tag look="accent">You</Tag>}
              {member.hasPasskey && <Tag>Passkey</Tag>}
              {member.isDisabled && <Tag look="warn">Cannot sign in</Tag>}
            </p>
            <p className="text-[13px] text-soft wrap-anywhere">
              <bdi>{member.email}</bdi>
            </p>
          </div>
          {!change || member.userId === lastOwnerId ? (
            <span className="text-sm">{roleNames[member.role]}</span>
          ) : (
            <form
              action={change.submit}
              method="post"
              key={member.role}
              className="flex flex-wrap items-center gap-2"
            >
              <input type="hidden" name="userId" value={member.userId} />
              <RoleChange
                name={`${member.name} (${member.email})`}
                role={member.role}
                pending={change.pending}
              />
              {!member.isSelf && member.hasPasskey && (
                <ButtonLink
                  href={change.resetHref(member.userId)}
                  scroll={false}
                  aria-label={`Remove the passkeys of ${member.name} (${member.email})`}
                  className="max-sm:px-2.5!"
                >
                  Reset passkeys
                </ButtonLink>
              )}
              {!member.isSelf && (
                <ButtonLink
                  href={change.removeHref(member.userId)}
                  scroll={false}
                  aria-label={`Remove ${member.name} (${member.email})`}
                  className="max-sm:px-2.5!"
                >
                  Remove
                </ButtonLink>
              )}
            </form>
          )}
        </li>
      ))}
    </ul>
  )
}
