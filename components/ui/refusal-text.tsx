import type { ReactNode } from 'react'
import type { TooOften } from '#lib/rate-limits/too-often.ts'
import type { NoAnswer, Unanswered } from './form-state.ts'
import { Unknown } from './unknown.tsx'
import { overloadText, tooOftenText } from './wait-text.ts'

/** One use of a form, as the sentences about its refusals name it. All of them without a full stop. */
export type Attempt = {
  /** What a role is needed for: `Revoking a token`. */
  what?: string
  /** What did not happen: `Nothing was revoked`. */
  undone: string
  /** What is not known where no answer came: `whether it was revoked`; by default `whether it was done`. */
  unknown?: string
  /** What to do then: `confirm again`. */
  again: string
  /** Why it does no harm to send it twice: `no token is revoked twice`. Without it the person looks first. */
  safe?: string
  /** What there was too much of, where that is counted: `Too many attempts`, for each cause where there are several. */
  tooMany?: string | Partial<Record<Waiting['kind'], string>>
}

/** Counted attempts that were used up. */
type Waiting = TooOften<'throttled' | 'too-often' | 'too-often-together' | 'too-many-look-ups'>
export type AnyRefusal = string | Waiting
/** The refusals that read the same everywhere. */
type Shared = Unanswered | 'not-allowed' | 'overload'

/** A sentence for each refusal of one form alone. What it says of a shared one goes before what is shared. */
export type OwnTexts<Refusal> = Record<Exclude<Extract<Refusal, string>, Shared>, ReactNode> &
  Partial<Record<Shared, ReactNode>>

/** Why it was refused, in a paragraph. */
export function RefusalText<Refusal extends AnyRefusal>({
  refusal,
  attempt,
  own,
}: {
  refusal: Refusal | Unanswered | NoAnswer
  attempt: Attempt
  own: OwnTexts<Refusal>
}) {
  if (typeof refusal !== 'string') {
    const { tooMany, again, undone } = attempt
    const what = typeof tooMany === 'string' ? tooMany : tooMany?.[refusal.kind]
    return (
      <p>
        {tooOftenText(what ?? 'Too many attempts', refusal.waitSeconds, again)} {undone}.
      </p>
    )
  }
  if (refusal === 'no-answer') return <Unknown {...attempt} />
  const texts: Partial<Record<string, ReactNode>> = own
  return <p>{texts[refusal] ?? sharedText(refusal as Shared, attempt)}</p>
}

function sharedText(refusal: Shared, { what = 'This', undone, again, safe }: Attempt): ReactNode {
  switch (refusal) {
    case 'signed-out':
      return (
        <>
          You are signed out; {undone.charAt(0).toLowerCase() + undone.slice(1)}.{' '}
          <a href="/sign-in" target="_blank" rel="noreferrer" className="underline">
            Sign in in a new tab
          </a>
          , then {again} here.
        </>
      )
    case 'not-allowed':
      return `${what} takes an owner or an administrator. ${undone}.`
    case 'not-found':
      return `That is not here any more. Load the page again. ${undone}.`
    case 'busy':
      return `Somebody else is changing this right now. ${undone}: wait a moment, then ${again}.`
    case 'overload':
      return overloadText
    case 'unavailable':
      return safe === undefined
        ? 'The database did not answer. Wait a moment, then load the page again to see whether it was done.'
        : `The database did not answer. Wait a moment, then ${again}: ${safe}.`
  }
}
