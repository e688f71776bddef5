'use client'

import { lifetimeDays, maxCredentialName, offeredScopes, usualLifetimeDays } from '#lib/credentials/limits.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { CredentialState, SentCredential } from './credential-actions.ts'
import { CredentialResult } from './credential-result.tsx'
import { scopeWords } from './words.ts'

const nothingTyped: SentCredential = {
  ...{ name: '', scopes: ['read'], networks: '' },
  lifetimeDays: `${usualLifetimeDays}`,
}

/** The form of a new service credential, with its text once it is made. */
export function MakeCredential({ action }: { action: FormAction<CredentialState> }) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const typed = sentIn(state) ?? nothingTyped
  const errors = errorsIn(state)
  return (
    <Card className="p-5" aria-labelledby="make-title">
      <h2 id="make-title" className="text-lg font-semibold">
        Make a service credential
      </h2>
      <form action={submit} method="post" noValidate className="mt-3 grid gap-4" key={JSON.stringify(state)}>
        <CredentialResult form={form} id="make-result" at={['name', 'scopes', 'lifetimeDays', 'networks']} />
        <input type="hidden" name="verb" value="make" />
        <Field
          id="name"
          label="Name"
          name="name"
          required
          maxLength={maxCredentialName}
          autoComplete="off"
          defaultValue={typed.name}
          error={errors.name}
          hint="What the program is, or where it runs. Pages and mails name it beside what it did."
          className="max-w-md"
        />
        <fieldset aria-describedby={errors.scopes ? 'scopes-error' : undefined}>
          <legend className="mb-1 text-sm font-medium">What it may do</legend>
          <div className="grid gap-1">
            {offeredScopes.map((scope) => (
              <label key={scope} className="flex items-start gap-2.5 py-1">
                <input
                  type="checkbox"
                  name="scopes"
                  value={scope}
                  defaultChecked={typed.scopes.includes(scope)}
                  className="mt-0.5 size-4.5 shrink-0 accent-accent"
                />
                {scopeWords[scope].may}
              </label>
            ))}
          </div>
          {errors.scopes && (
            <p id="scopes-error" className="text-sm text-danger">
              {errors.scopes}
            </p>
          )}
        </fieldset>
        <div className="grid gap-1">
          <label htmlFor="lifetime-days" className="text-sm font-medium">
            Ends in
          </label>
          <select
            id="lifetime-days"
            name="lifetimeDays"
            defaultValue={typed.lifetimeDays}
            aria-describedby={errors.lifetimeDays ? 'lifetime-error' : 'lifetime-hint'}
            className="min-h-9 w-fit rounded-lg border border-control bg-ground px-2.5 text-ink pointer-coarse:min-h-11"
          >
            {lifetimeDays.map((days) => (
              <option key={days} value={`${days}`}>
                {days === 365 ? '1 year' : `${days} days`}
              </option>
            ))}
          </select>
          {errors.lifetimeDays && (
            <p id="lifetime-error" className="text-sm text-danger">
              {errors.lifetimeDays}
            </p>
          )}
          <p id="lifetime-hint" className="text-[13px] text-soft">
            It cannot be prolonged. Owners are mailed 14 days before, and on the last day.
          </p>
        </div>
        <div className="grid gap-1">
          <label htmlFor="networks" className="text-sm font-medium">
            Accepted from
          </label>
          <textarea
            id="networks"
            name="networks"
            rows={3}
            spellCheck={false}
            autoComplete="off"
            defaultValue={typed.networks}
            placeholder="203.0.113.0/24"
            aria-invalid={errors.networks ? true : undefined}
            aria-describedby={errors.networks ? 'networks-error networks-hint' : 'networks-hint'}
            className="w-full max-w-md rounded-lg border border-control bg-ground px-3 py-1.5 font-mono text-sm text-ink aria-invalid:border-danger"
          />
          {errors.networks && (
            <p id="networks-error" className="text-sm text-danger wrap-anywhere">
              {errors.networks}
            </p>
          )}
          <p id="networks-hint" className="text-[13px] text-soft">
            Addresses and networks, one a line. Empty: from any address.
          </p>
        </div>
        <div>
          <Button type="submit" look="primary" disabled={pending}>
            {pending ? 'Making…' : 'Make service credential'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
