'use client'

import { useActionState, useEffect, useRef } from 'react'
import { type PasskeyAsk, PasskeyForm } from '#components/account/passkey-form.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import type { OwnFactors } from '#lib/factors/own-factors.ts'
import { addOwnPasskey, removeOwnPasskey, renewOwnRecoveryCodes } from '../_actions/second-factor.ts'
import type { FactorsState } from './factors-state.ts'

type Props = { factors: OwnFactors; ask: PasskeyAsk }

/** The person's passkeys and recovery codes, with what can be done about them. */
export function SecurityForms({ factors: { passkeys, unusedCodes }, ask }: Props) {
  const [added, add] = useActionState(addOwnPasskey, null)
  const [removed, remove, isRemoving] = useActionState(removeOwnPasskey, null)
  const [renewed, renew, isRenewing] = useActionState(renewOwnRecoveryCodes, null)
  return (
    <div className="mt-4 grid gap-5">
      <Outcome state={removed} />
      {passkeys.length > 0 && (
        <form action={remove} method="post">
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
                  disabled={isRemoving}
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
        <Outcome state={added} />
        {/* Empty again once one was added. */}
        <PasskeyForm key={passkeys.length} ask={ask} action={add} button="Add a passkey">
          <Field
            id="passkey-name"
            name="name"
            label="Name of the new passkey"
            hint="What you will know it by, such as the device it is on."
            maxLength={60}
            autoComplete="off"
            required
          />
        </PasskeyForm>
      </div>
      {passkeys.length > 0 && (
        <form action={renew} method="post" className="grid max-w-md gap-3 border-t border-line pt-5">
          <h3 className="font-semibold">Recovery codes</h3>
          <Outcome state={renewed} />
          <p className="text-soft">
            For when no passkey is at hand: each signs you in once, after your password.{' '}
            {unusedCodes === 1 ? 'One is left.' : `${unusedCodes} are left.`}
          </p>
          <div>
            <Button type="submit" disabled={isRenewing}>
              Make new recovery codes
            </Button>
          </div>
        </form>
      )}
    </div>
  )
}

/** What came of a form; recovery codes are shown here, and never again. */
function Outcome({ state }: { state: FactorsState }) {
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state) outcome.current?.focus()
  }, [state])
  if (!state) return null
  const codes = state.kind === 'done' ? state.codes : []
  return (
    <Notice
      kind={state.kind === 'done' ? 'ok' : 'danger'}
      role={state.kind === 'done' ? 'status' : 'alert'}
      tabIndex={-1}
      ref={outcome}
    >
      <p className="wrap-anywhere">{state.text}</p>
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
