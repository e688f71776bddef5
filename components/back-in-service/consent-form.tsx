'use client'

import type { Consent } from '#lib/back-in-service/consent.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { ConsentState } from './service-actions.ts'

/** Whether the store is asked before a partner that was cut off gets a new token: owners decide it. */
export function ConsentCard({
  action,
  consent,
  mayChange,
}: {
  action: FormAction<ConsentState>
  consent: Consent
  mayChange: boolean
}) {
  const form = useForm(action)
  const isNeeded = consent === 'needed'
  return (
    <Card className="grid gap-3 p-5" aria-labelledby="consent-title">
      <h2 id="consent-title" className="font-semibold">
        New tokens after a cut-off need our consent
      </h2>
      <p className="text-sm">
        <strong className="font-semibold">{isNeeded ? 'Yes.' : 'No.'}</strong>{' '}
        {isNeeded
          ? 'When a partner’s tokens were all revoked at once, you are asked before it gets a new one.'
          : 'When a partner’s tokens were all revoked at once, it gets a new one without asking you, as long as it is in your access list. You are notified of each.'}
      </p>
      {form.state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={form.outcome}>
          Changed, for every cut-off from now on. What a partner has asked before still waits for you.
        </Notice>
      )}
      <FormProblem
        form={form}
        attempt={{
          what: 'Changing this',
          undone: 'Nothing was changed',
          again: 'try again',
          safe: 'it is changed once',
        }}
        own={{ 'not-allowed': 'This takes an owner of the store. Nothing was changed.' }}
      />
      {mayChange ? (
        <form action={form.submit} method="post" className="grid justify-items-start gap-2">
          <input type="hidden" name="consent" value={isNeeded ? 'not-needed' : 'needed'} />
          <Button type="submit" disabled={form.pending}>
            {isNeeded ? 'Issue without asking us' : 'Ask us first'}
          </Button>
          <p className="text-[13px] text-soft">
            You are asked to confirm that it is you, unless you have done so within the last ten minutes.
          </p>
        </form>
      ) : (
        <p className="text-sm text-soft">Changing it takes an owner.</p>
      )}
    </Card>
  )
}
