import type { Role, Side } from '#lib/access/actor.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import type { MembersState } from './members-state.ts'
import { RoleSelect } from './role-select.tsx'
import { roleNames, roleRights } from './words.ts'

/** Asks an e-mail address to work here. */
export function InviteForm({
  side,
  state,
  submit,
  pending,
}: {
  side: Side
  state: MembersState
  submit: (form: FormData) => void
  pending: boolean
}) {
  const failed = state.kind === 'invalid' || (state.kind === 'refused' && state.deed === 'invite')
  const typed = failed ? state.typed : { email: '', role: 'viewer' as const }
  const errors = state.kind === 'invalid' ? state.errors : {}
  return (
    // What was typed comes back as the new default values: the key makes the fields take them.
    <form action={submit} method="post" key={JSON.stringify(typed)} className="grid gap-3">
      <div className="flex flex-wrap items-start gap-3">
        <Field
          id="invite-email"
          name="email"
          type="email"
          label="E-mail address"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          required
          defaultValue={typed.email}
          error={errors.email}
          className="min-w-0 flex-1 basis-64"
        />
        <div className="grid gap-1">
          <label htmlFor="invite-role" className="text-sm font-medium">
            Role
          </label>
          <RoleSelect id="invite-role" defaultValue={typed.role} aria-describedby="roles" />
        </div>
        <div className="self-end">
          <Button type="submit" name="deed" value="invite" look="primary" disabled={pending}>
            Invite
          </Button>
        </div>
      </div>
      <ul id="roles" className="grid gap-0.5 text-[13px] text-soft">
        {(Object.keys(roleNames) as Role[]).map((role) => (
          <li key={role}>
            {roleNames[role]}: {roleRights[side][role]}
          </li>
        ))}
      </ul>
    </form>
  )
}
