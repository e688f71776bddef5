import { Field } from '../ui/field.tsx'

/** A new password, typed twice; never filled in again by us. */
export function NewPasswordFields({ errors }: { errors: Record<string, string> }) {
  return (
    <>
      <Field
        id="new-password"
        name="password"
        type="password"
        label="New password"
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
        required
        hint="12 characters or more; a few words are easy to remember."
        error={errors.password}
      />
      <Field
        id="new-password-again"
        name="again"
        type="password"
        label="The same once more"
        autoComplete="new-password"
        maxLength={200}
        required
        error={errors.again}
      />
    </>
  )
}
