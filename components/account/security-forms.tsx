'use client'

import type { ReactNode, Ref } from 'react'
import { maxPasskeyNameLength } from '#lib/factors/limits.ts'
import type { OwnFactors } from '#lib/factors/own-factors.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { DoneOf, FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import { useForm } from '../ui/use-form.ts'
import type { AddPasskeyState, RemovePasskeyState, RenewCodesState } from './account-actions.ts'
import { attempt, factorTexts } from './factor-texts.ts'
import { type PasskeyAsk, PasskeyForm } from './passkey-form.tsx'

type Props = {
  factors: OwnFactors
  ask: PasskeyAsk
  actions: {
    add: FormAction<AddPasskeyState>
    remove: FormAction<RemovePasskeyState>
    renewCodes: FormAction<RenewCodesState>
  }
}

/** The person's passkeys and recovery codes, with what can be done about them. */
export function SecurityForms({ factors: { passkeys, unusedCodes }, ask, actions }: Props) {
  const [add, remove, renew] = [useForm(actions.add), useForm(actions.remove), useForm(actions.renewCodes)]
  return (
    <div className="mt-4 grid gap-5">
      {remove.state.kind === 'done' ? (
        <Done outcome={remove.outcome}>{removedText(remove.state.value)}</Done>
      ) : (
        <FormProblem form={remove} attempt={attempt} own={factorTexts} />
      )}
      {passkeys.length > 0 && (
        <form action={remove.submit} method="post" className="grid gap-2">
          <p className="text-[13px] text-soft">Removing a passkey also ends all your other sessions.</p>
          <ul className="divide-y divide-line border-y border-line">
            {passkeys.map((passkey) => (
              <li key={passkey.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                <div className="min-w-0 flex-1 basis-60">
                  <p className="font-medium wrap-anywhere">
                    <bdi>{passkey.name}</bdi>
                  </p>
                  <p className="text-[13px] text-soft">
                    Added <Time at={passkey.createdAt} show="date-and-time" /> ·{' '}
                    {passkey.lastUsedAt ? (
                      <>
                        last used <Time at={passkey.lastUsedAt} show="date-and-time" />
                      </>
                    ) : (
                      'not used yet'
                    )}
                  </p>
                </div>
                <Button
                  type="submit"
                  name="passkey"
                  value={passkey.id}
                  disabled={remove.pending}
                  aria-label={`Remove the passkey ${passkey.name}`}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        </form>
      )}
      <div className="grid max-w-md gap-3">
        {add.state.kind === 'done' ? (
          <Done outcome={add.outcome} codes={add.state.value.codes}>
            The passkey is added. You can sign in with it from now on.
          </Done>
        ) : (
          <FormProblem form={add} attempt={attempt} own={factorTexts} />
        )}
        {/* Empty again once one was added. */}
        <PasskeyForm key={passkeys.length} ask={ask} action={add.submit} button="Add a passkey">
          <Field
            id="passkey-name"
            name="name"
            label="Name of the new passkey"
            hint="What you will know it by, such as the device it is on."
            maxLength={maxPasskeyNameLength}
            autoComplete="off"
            required
          />
        </PasskeyForm>
      </div>
      {passkeys.length > 0 && (
        <form action={renew.submit} method="post" className="grid max-w-md gap-3 border-t border-line pt-5">
          <h3 className="font-semibold">Recovery codes</h3>
          {renew.state.kind === 'done' ? (
            <Done outcome={renew.outcome} codes={renew.state.value.codes}>
              These are your new recovery codes. Those before do not work any more.
            </Done>
          ) : (
            <FormProblem form={renew} attempt={attempt} own={factorTexts} />
          )}
          <p className="text-soft">
            For when no passkey is at hand: each signs you in once, after your password.{' '}
            {unusedCodes === 1 ? 'One is left.' : `${unusedCodes} are left.`}
          </p>
          <div>
            <Button type="submit" disabled={renew.pending}>
              Make new recovery codes
            </Button>
          </div>
        </form>
      )}
    </div>
  )
}

function removedText({ name, left, ended }: DoneOf<RemovePasskeyState>): string {
  const others =
    ended === 0 ? '' : ended === 1 ? ' One other session was ended.' : ` ${ended} other sessions were ended.`
  const removed = `The passkey “${name}” is removed.${others}`
  return left === 0
    ? `${removed} It was the last one: your password alone signs you in, and your recovery codes are gone.`
    : removed
}

type DoneProps = { outcome: Ref<HTMLDivElement>; codes?: string[]; children: ReactNode }

/** What came of a form; recovery codes are shown here, and never again. */
function Done({ outcome, codes = [], children }: DoneProps) {
  return (
    <Notice kind="ok" role="status" tabIndex={-1} ref={outcome}>
      <p className="wrap-anywhere">{children}</p>
      {codes.length > 0 && (
        <>
          <p>Write these recovery codes down, and keep them apart from your password. They are shown once.</p>
          <ul className="grid gap-x-6 gap-y-1 font-mono text-sm sm:grid-cols-2" aria-label="Recovery codes">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  )
}
