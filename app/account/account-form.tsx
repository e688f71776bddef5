'use client'

import { type ReactNode, useActionState, useEffect, useRef } from 'react'
import { NewPasswordFields } from '#components/account/new-password-fields.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Formats } from '#lib/auth/formats.ts'
import { saveFormats, saveName, savePassword } from '../_actions/account.ts'
import type { AccountState } from './account-state.ts'

type Save = (state: AccountState, form: FormData) => Promise<AccountState>
type FieldsProps = { errors: Record<string, string>; typed: Record<string, string> }

export function NameForm({ name }: { name: string }) {
  return (
    <AccountForm save={saveName} button="Save name">
      {({ errors, typed }) => (
        <Field
          id="name"
          name="name"
          label="Your name"
          autoComplete="name"
          maxLength={200}
          required
          defaultValue={typed.name ?? name}
          error={errors.name}
          hint="Others see it beside what you do."
        />
      )}
    </AccountForm>
  )
}

export function PasswordForm({ email }: { email: string }) {
  return (
    <AccountForm save={savePassword} button="Change password">
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
            maxLength={200}
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
  formats,
  timeZones,
  examples,
}: {
  formats: Formats
  timeZones: readonly string[]
  examples: Record<Formats['language'], string>
}) {
  return (
    <AccountForm save={saveFormats} button="Save language and time zone">
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

/** A form of the account page: says what came of it, keeps what was typed, works without JavaScript. */
function AccountForm({
  save,
  button,
  children,
}: {
  save: Save
  button: string
  children: (fields: FieldsProps) => ReactNode
}) {
  const [state, submit, isPending] = useActionState(save, null)
  const outcome = useRef<HTMLDivElement>(null)
  const failed = state?.kind === 'failed' ? state : null
  const typed = failed?.typed ?? {}
  useEffect(() => {
    if (state) outcome.current?.focus()
  }, [state])
  return (
    // What was typed comes back as the new default values: the key makes the fields take them.
    <form action={submit} method="post" key={JSON.stringify(typed)} className="mt-4 grid max-w-md gap-4">
      {state && (
        <Notice
          kind={failed ? 'danger' : 'ok'}
          role={failed ? 'alert' : 'status'}
          tabIndex={-1}
          ref={outcome}
        >
          {state.text}
        </Notice>
      )}
      {children({ errors: failed?.errors ?? {}, typed })}
      <div>
        <Button type="submit" disabled={isPending}>
          {button}
        </Button>
      </div>
    </form>
  )
}
