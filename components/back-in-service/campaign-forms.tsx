'use client'

import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { CampaignState } from './service-actions.ts'

const ownTexts = {
  'by-the-store': 'A store ended these tokens by itself: it decides whom it lets in again.',
  'too-late': 'This cut-off is older than 30 days. Ask the stores to issue a token by hand.',
}

/** One button that asks all stores; it is gone once they are asked. */
export function StartCampaign({ action, cutOffId }: { action: FormAction<CampaignState>; cutOffId: string }) {
  const form = useForm(action)
  return (
    <form action={form.submit} method="post" className="grid justify-items-start gap-2">
      <FormProblem
        form={form}
        attempt={{
          what: 'Asking the stores',
          undone: 'No store was asked',
          again: 'try again',
          safe: 'no store is asked twice',
          tooMany: 'This was started six times within a day',
        }}
        own={ownTexts}
      />
      <input type="hidden" name="cutOffId" value={cutOffId} />
      <Button type="submit" look="primary" disabled={form.pending} className="pointer-coarse:min-h-11">
        {form.pending ? 'Asking…' : 'Get new tokens from all stores'}
      </Button>
    </form>
  )
}

/** Ends it before its time. Says so where it was ended: the form stays for that. */
export function EndCampaign({
  action,
  campaignId,
  isOpen,
}: {
  action: FormAction<CampaignState>
  campaignId: string
  isOpen: boolean
}) {
  const form = useForm(action)
  return (
    <form action={form.submit} method="post" className="grid justify-items-start gap-2">
      {form.state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={form.outcome}>
          No store is asked any more. What was issued works on.
        </Notice>
      )}
      <FormProblem
        form={form}
        attempt={{
          what: 'Ending it',
          undone: 'Stores are still asked',
          again: 'try again',
          safe: 'it ends once',
        }}
        own={ownTexts}
      />
      {isOpen && (
        <>
          <input type="hidden" name="campaignId" value={campaignId} />
          <Button type="submit" disabled={form.pending}>
            {form.pending ? 'Ending…' : 'Ask no more stores'}
          </Button>
        </>
      )}
    </form>
  )
}
