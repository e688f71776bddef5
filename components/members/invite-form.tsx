import { maxEmailLength } from '#lib/auth/limits.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { errorsIn, sentIn } from '../ui/form-state.ts'
import type { SentForm } from '../ui/use-form.ts'
import type { MembersState } from './member-actions.ts'
import { RoleSelect } from './role-select.tsx'

/** Asks an e-mail address to work here. */
export function InviteForm({ form: { state, submit, pending } }: { form: SentForm<MembersState> }) {
  const sent = sentIn(state)
  const { email, role } = sent?.verb === 'invite' ? sent : { email: '', role: 'viewer' as const }
  return (
    // What was sent comes back as the new default values: the key makes the fields take them.
    <form action={submit} method="post" key={JSON.stringify([email, role])} className="grid gap-3">
      <div className="flex flex-wrap items-start gap-3">
        <Field
          id="invite-email"
          name="email"
          type="email"
          label="E-mail address"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={maxEmailLength}
          required
          defaultValue={email}
          error={errorsIn(state).email}
          className="min-w-0 flex-1 basis-64"
        />
        <div className="grid gap-1">
          <label htmlFor="invite-role" className="text-sm font-medium">
            Role
          </label>
          <RoleSelect id="invite-role" defaultValue={role} />
        </div>
        <div className="self-end">
          <Button type="submit" name="verb" value="invite" look="primary" disabled={pending}>
            Invite
          </Button>
        </div>
      </div>
      <p className="text-[13px] text-soft">
        The table below says what each role may do. A viewer sees everything and changes nothing.
      </p>
    </form>
  )
}
