import { Copied } from '../ui/copied.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { Notice } from '../ui/notice.tsx'
import type { SentForm } from '../ui/use-form.ts'
import type { WebhookState } from './webhook-actions.ts'
import { attempt, doneWords, refusalTexts } from './words.ts'

/** What came of it, with the focus, and the secret where there is a new one. */
export function WebhookResult({ form, id }: { form: SentForm<WebhookState>; id: string }) {
  const { state, outcome } = form
  if (state.kind !== 'done') return <FormProblem form={form} id={id} attempt={attempt} own={refusalTexts} />
  const { verb, secret } = state.value
  return (
    <Notice kind="ok" role="status" tabIndex={-1} ref={outcome} id={id} title={doneWords[verb]}>
      {secret && (
        <>
          <p>
            Copy its secret now: it is shown this once. Your program verifies with it that a webhook is from
            here.
          </p>
          <Copied id={`${id}-secret`} label="Secret" text={secret} />
        </>
      )}
    </Notice>
  )
}
