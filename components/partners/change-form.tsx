'use client'

import type { ChangeRefusal } from '#lib/partners/change-apis.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { apiList } from '../tokens/words.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { useForm } from '../ui/use-form.ts'
import { ApiTicks } from './api-ticks.tsx'
import type { ChangeState } from './partner-actions.ts'

/** What a partner may call: tick, and Save. */
export function ChangeForm({
  action,
  partnerId,
  apis,
}: {
  action: FormAction<ChangeState>
  partnerId: string
  /** What is ticked now. */
  apis: Api[]
}) {
  const form = useForm(action)
  const { state, submit, pending, outcome } = form
  const noneTicked = errorsIn(state).apis !== undefined
  return (
    // What is ticked on the server is the new start of the form: the key makes the boxes take it.
    <form action={submit} method="post" key={apis.join()} className="grid gap-4">
      {state.kind === 'done' && (
        <Notice kind="ok" role="status" ref={outcome} tabIndex={-1}>
          <p>Saved. From the next call on the partner may call: {apiList(state.value.apis)}.</p>
        </Notice>
      )}
      <FormProblem
        form={form}
        id="apis-problem"
        attempt={attempt}
        own={ownTexts(apis)}
        invalid={(errors) =>
          errors.apis && `${errors.apis} To take all away, remove the partner. Nothing was changed.`
        }
      />
      <input type="hidden" name="partnerId" value={partnerId} />
      {apis.map((api) => (
        <input key={api} type="hidden" name="before" value={api} />
      ))}
      <ApiTicks
        legend="APIs that it may call, with all its tokens of this store"
        ticked={apis}
        problemId={noneTicked ? 'apis-problem' : undefined}
      />
      <div>
        <Button type="submit" look="primary" disabled={pending}>
          {pending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

const attempt = {
  what: 'Changing what a partner may call',
  undone: 'Nothing was changed',
  again: 'save again',
  safe: 'it does no harm to save twice',
}

/** @param apis what is ticked now. */
function ownTexts(apis: Api[]): OwnTexts<ChangeRefusal> {
  return {
    'changed-meanwhile': `Somebody changed this partner’s APIs while you had the page open. What is ticked now: ${apiList(apis)}. Nothing of yours was saved: look, tick and save again.`,
    'not-found': 'The partner is no longer in the access list. Nothing was changed.',
  }
}
