'use client'

import { Fragment } from 'react'
import type { Role, Side } from '#lib/access/actor.ts'
import type { CollectRefusal } from '#lib/tokens/collect.ts'
import type { HandoverStatus } from '#lib/tokens/model/handover.ts'
import { Person } from '../../people/person.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Copied } from '../../ui/copied.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import type { FormAction } from '../../ui/form-state.ts'
import { Notice } from '../../ui/notice.tsx'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import { Time } from '../../ui/time.tsx'
import { useForm } from '../../ui/use-form.ts'
import { TokenTail } from '../list/token-cells.tsx'
import type { CollectState } from '../token-actions.ts'
import { sideSeenFrom } from '../words.ts'

type Props = {
  side: Side
  tokenId: string
  status: Exclude<HandoverStatus, 'none'>
  collectUntil: Date | null
  collected: { at: Date; from: Side; by: string | null; email: string | null; role: Role | null } | null
  /** The old tokens that end themselves as soon as this one is used. */
  endsAtFirstCall: { id: string; lastCharacters: string }[]
  /** Null: this person may see tokens, not take one. */
  action: FormAction<CollectState> | null
}

/** The way of a new token to who will use it: shown once, then gone, and both sides see who took it. */
export function Handover({ side, tokenId, status, collectUntil, collected, endsAtFirstCall, action }: Props) {
  const form = useForm(action ?? refused)
  const { state, submit, pending, outcome } = form
  return (
    <Card className="mb-5 grid gap-3 p-4" aria-labelledby="handover-title" id="handover">
      <h2 id="handover-title" className="text-base font-semibold">
        Handing over
      </h2>
      <FormProblem form={form} attempt={attempt} own={ownTexts} />
      {state.kind === 'done' ? (
        <div ref={outcome} tabIndex={-1} role="status" className="grid gap-4">
          <Notice kind="ok" title="This is the token. It is shown this once.">
            <p>
              Copy it now: nobody can show it again. Put it where your program keeps its secrets, not into
              code or a mail; if it is lost, renew it.
            </p>
          </Notice>
          <Copied id="token-text" label="Token" text={state.value.text} />
          {endsAtFirstCall.length > 0 && (
            <Notice kind="warn" title="The test counts as the first use.">
              <p>
                {endsAtFirstCall.map((token, n) => (
                  <Fragment key={token.id}>
                    {n > 0 && (n === endsAtFirstCall.length - 1 ? ' and ' : ', ')}
                    <TokenTail token={token} />
                  </Fragment>
                ))}{' '}
                {endsAtFirstCall.length === 1 ? 'is' : 'are'} revoked within a minute of the first call that
                is accepted with this token. The test is such a call. Test it once your program uses this
                token, or keep the old one first.
              </p>
            </Notice>
          )}
          <Copied id="test-call" label="A call to test it" text={state.value.testCall} />
          <p className="text-sm text-soft">
            An order, or any code but 10009 and 10010, says that the token works. 10009 says that it is
            refused, 10010 that the API is not ticked.
          </p>
        </div>
      ) : status === 'collected' && collected ? (
        <p className="wrap-anywhere">
          Collected by{' '}
          <Person
            name={collected.by ?? 'somebody'}
            email={collected.email}
            from={sideSeenFrom(side, collected.from)}
            role={collected.from === side ? null : collected.role}
          />
          , <Time at={collected.at} show="date-and-time" />. It was shown once and is kept nowhere.
        </p>
      ) : status === 'too-late' ? (
        <p>
          Nobody collected this token in time. It is kept nowhere now, so that nobody can see it any more.
          Renew it to get a new one, or revoke it if it is not needed.
        </p>
      ) : (
        <>
          <p>
            {side === 'partner'
              ? 'This token waits for you. Who collects it sees it once; then it is kept nowhere.'
              : 'This token waits for the partner, who can collect it in Manage Partner Tokens. Collect it here only if the partner wants it from you: it is shown once.'}{' '}
            {collectUntil && (
              <>
                It can be collected until <Time at={collectUntil} show="date-and-time" />.
              </>
            )}
          </p>
          {action ? (
            <form action={submit} method="post">
              <input type="hidden" name="tokenId" value={tokenId} />
              <Button type="submit" look={side === 'partner' ? 'primary' : 'secondary'} disabled={pending}>
                {pending ? 'Fetching…' : 'Show token'}
              </Button>
            </form>
          ) : (
            <p className="text-sm text-soft">Collecting it takes an owner or an administrator.</p>
          )}
        </>
      )}
    </Card>
  )
}

const refused = async (): Promise<CollectState> => ({
  kind: 'refused',
  refusal: 'not-allowed',
  sent: null,
})

const attempt = {
  what: 'Collecting a token',
  undone: 'Nobody has seen the token',
  again: 'press Show token again',
}

const ownTexts: OwnTexts<CollectRefusal> = {
  'not-found': 'There is no such token here. Go back to the list.',
  ended: 'This token was revoked or has expired: it is of no use any more, and was not shown.',
  collected:
    'Somebody collected it a moment ago: it can be seen once only. Load the page again to see who. If it was not meant to be, revoke it.',
  'too-late': 'It was not collected in time, and is kept nowhere now. Renew it to get a new one.',
  'not-kept': 'This token was never kept here. If it is lost, renew it.',
  'key-missing':
    'It cannot be read at the moment: the operator has to put a key back. It goes on waiting, nothing is lost.',
  unavailable:
    'The database did not answer. Load the page again: if the token still waits, nobody has seen it.',
}
