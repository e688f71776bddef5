import { Copied } from '../ui/copied.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import type { SentForm } from '../ui/use-form.ts'
import type { CredentialState } from './credential-actions.ts'
import { attempt, refusalTexts } from './words.ts'

/** What came of it, with the focus, and the text where there is a new one. */
export function CredentialResult({
  form,
  id,
  at,
}: {
  form: SentForm<CredentialState>
  id: string
  /** Fields that say themselves what is wrong with them. */
  at?: string[]
}) {
  const { state, outcome } = form
  if (state.kind !== 'done')
    return <FormProblem form={form} id={id} attempt={attempt} own={refusalTexts} {...(at && { at })} />
  const done = state.value
  return done.verb === 'make' ? (
    <Notice
      {...{ kind: 'ok', role: 'status', tabIndex: -1, ref: outcome, id }}
      title={
        <>
          The service credential <bdi>{done.name}</bdi> is made.
        </>
      }
    >
      <p>
        Copy its text into the program now: it is shown this once. It works until{' '}
        <Time at={done.expiresAt} show="date-and-time" />.
      </p>
      <Copied id={`${id}-text`} label="Service credential" text={done.text} />
    </Notice>
  ) : (
    <Notice {...{ kind: 'ok', role: 'status', tabIndex: -1, ref: outcome, id }}>
      <p className="wrap-anywhere">
        <bdi>{done.name}</bdi> is revoked. Each further request with it is refused.
      </p>
    </Notice>
  )
}
