'use client'

import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { AddRefusal } from '#lib/partners/add-partner.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { makingTexts, tooManyTokens } from '../tokens/words.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { useForm } from '../ui/use-form.ts'
import type { AddState } from './partner-actions.ts'

type Props = {
  action: FormAction<AddState>
  partnerId: string
  apis: Api[]
  /** Where the partner is already, if somebody was quicker. */
  accessHref: Route
}

/** The last step: Accept adds the partner. */
export function AcceptForm({ action, partnerId, apis, accessHref }: Props) {
  const form = useForm(action)
  return (
    <form action={form.submit} method="post" className="contents">
      <FormProblem
        form={form}
        attempt={attempt}
        own={ownTexts(accessHref)}
        className="order-first basis-full"
      />
      <input type="hidden" name="partnerId" value={partnerId} />
      {apis.map((api) => (
        <input key={api} type="hidden" name="api" value={api} />
      ))}
      <Button type="submit" look="primary" disabled={form.pending}>
        {form.pending ? 'Adding…' : 'Accept'}
      </Button>
    </form>
  )
}

const attempt = {
  what: 'Adding a partner',
  undone: 'Nothing was added',
  again: 'accept again',
  safe: 'no partner is added twice, and no second token is made',
  tooMany: { ...tooManyTokens, 'too-many-look-ups': 'Too many Partner IDs were looked up' },
}

function ownTexts(accessHref: Route): OwnTexts<AddRefusal> {
  return {
    ...makingTexts(attempt),
    'already-listed': (
      <>
        This partner is in the access list already: somebody added it before you, and its first token was made
        then. No second one was made.{' '}
        <Link href={accessHref} className="font-semibold underline underline-offset-4">
          See what it may call
        </Link>
      </>
    ),
    unknown: 'There is no partner with this ID any more. Check it with the partner. Nothing was added.',
    'not-found': 'You do not work for this store any more. Nothing was added.',
  }
}
