import type { Role } from '#lib/access/actor.ts'

type Props = {
  /** As it is on record. */
  name: string
  /** Of somebody of the reader's own side: two people can have one name. */
  email?: string | null | undefined
  /** What is said instead of somebody of the other side: side and role. */
  from?: string | null | undefined
  role?: Role | null | undefined
}

/** Who did something, by the name of that time, and what tells them from others of that name. */
export function Person({ name, email, from, role }: Props) {
  const words = email ? null : [from, role].filter(Boolean).join(', ')
  return (
    <>
      <bdi>{name}</bdi>
      {email && (
        <span className="text-soft wrap-anywhere">
          {' '}
          (<bdi>{email}</bdi>)
        </span>
      )}
      {words && <span className="text-soft"> ({words})</span>}
    </>
  )
}
