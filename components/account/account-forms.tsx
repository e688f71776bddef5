'use client'

import type { ReactNode } from 'react'
import type { Formats } from '#lib/auth/formats.ts'
import { maxNameLength, maxPasswordLength } from '#lib/auth/limits.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { AccountState } from './account-actions.ts'
import { NewPasswordFields } from './new-password-fields.tsx'

type Save = FormAction<AccountState>
type FieldsProps = { errors: Record<string, string>; sentName: string | undefined }

export function NameForm({ name, save }: { name: string; save: Save }) {
  return (
    <AccountForm save={save} button="Save name" saved="Your name is saved.">
      {({ errors, sentName }) => (
        <Field
          id="name"
          name="name"
          label="Your name"
          autoComplete="name"
          maxLength={maxNameLength}
          required
          defaultValue={sentName ?? name}
          error={errors.name}
          hint="Others see it beside what you do."
        />
      )}
    </AccountForm>
  )
}

export function PasswordForm({ email, save }: { email: string; save: Save }) {
  return (
    <AccountForm
      save={save}
      button="Change password"
      saved="Your password is changed. All your other sessions have been ended."
    >
      {({ errors }) => (
        <>
          {/* Password managers keep it beside the password. */}
          <input type="hidden" name="username" value={email} autoComplete="username" />
          <Field
            id="current-password"
            name="current"
            type="password"
            label="Current password"
            autoComplete="current-password"
            maxLength={maxPasswordLength}
            required
            error={errors.current}
          />
          <NewPasswordFields errors={errors} />
        </>
      )}
    </AccountForm>
  )
}

const selectLook = 'w-full rounded-lg border border-control bg-ground px-3 py-1.5 text-ink'

/** @param examples the same moment in each way of writing. */
export function FormatsForm({
  save,
  formats,
  timeZones,
  examples,
}: {
  save: Save
  formats: Formats
  timeZones: readonly string[]
  examples: Record<Formats['language'], string>
}) {
  return (
    <AccountForm
      save={save}
      button="Save language and time zone"
      saved="Saved. Dates are written like this from now on."
    >
      {() => (
        <>
          <div className="grid gap-1">
            <label htmlFor="language" className="text-sm font-medium">
              Language
            </label>
            {/* A select keeps the default that it began with: the key makes it take what was saved. */}
            <select
              key={formats.language}
              id="language"
              name="language"
              defaultValue={formats.language}
              className={selectLook}
              aria-describedby="language-hint"
            >
              <option value="en-GB">English (United Kingdom)</option>
              <option value="en-US">English (United States)</option>
            </select>
            <p id="language-hint" className="text-[13px] text-soft">
              <span className="block">In the United Kingdom: {examples['en-GB']}. </span>
              <span className="block">In the United States: {examples['en-US']}.</span>
            </p>
          </div>
          <div className="grid gap-1">
            <label htmlFor="time-zone" className="text-sm font-medium">
              Time zone
            </label>
            <select
              key={formats.timeZone ?? ''}
              id="time-zone"
              name="timeZone"
              defaultValue={formats.timeZone ?? ''}
              className={selectLook}
            >
              <option value="">That of the browser</option>
              {timeZones.map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          </div>
        </>
      )}
    </AccountForm>
  )
}

const attempt = { undone: 'Nothing was saved', again: 'try again' }

const ownTexts = { 'no-password': 'You sign in with single sign-on: there is no password here to change.' }

/** A form of the account page: says what came of it, keeps what was typed, works without JavaScript. */
function AccountForm({
  save,
  button,
  saved,
  children,
}: {
  save: Save
  button: string
  /** What is said where it was saved. */
  saved: string
  children: (fields: FieldsProps) => ReactNode
}) {
  const form = useForm(save)
  const { state, submit, pending, outcome } = form
  const sentName = sentIn(state)?.name
  return (
    // What was sent comes back as the new default values: the key makes the fields take them.
    <form action={submit} method="post" key={sentName} className="mt-4 grid max-w-md gap-4">
      {state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={outcome}>
          {saved}
        </Notice>
      )}
      <FormProblem form={form} attempt={attempt} own={ownTexts} />
      {children({ errors: errorsIn(state), sentName })}
      <div>
        <Button type="submit" disabled={pending}>
          {button}
        </Button>
      </div>
    </form>
  )
}
