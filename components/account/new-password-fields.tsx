import { maxPasswordLength, minPasswordLength } from '#lib/auth/limits.ts'
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
        minLength={minPasswordLength}
        maxLength={maxPasswordLength}
        required
        hint={`${minPasswordLength} characters or more; a few words are easy to remember.`}
        error={errors.password}
      />
      <Field
        id="new-password-again"
        name="again"
        type="password"
        label="The same once more"
        autoComplete="new-password"
        maxLength={maxPasswordLength}
        required
        error={errors.again}
      />
    </>
  )
}
