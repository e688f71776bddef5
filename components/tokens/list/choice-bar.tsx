'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { maxChosenTokens } from '#lib/tokens/limits.ts'
import { Button } from '../../ui/button.tsx'
import { hrefOfDialog, type TokenDialog } from '../token-dialog.ts'
import { useTickedTokens } from './ticked-tokens.ts'

type Props = {
  formId: string
  list: Route
  /** The parameters of the list that stays behind the dialog. */
  params: [name: string, value: string][]
  tokensOnPage: { id: string; canBeRenewed: 'yes' | 'no' }[]
}

/** How many tokens are ticked, here and on other pages, and what can be done with them. */
export function ChoiceBar({ formId, list, params, tokensOnPage }: Props) {
  const { tokenIds, clear } = useTickedTokens(list)
  const router = useRouter()
  const [asked, setAsked] = useState<TokenDialog['to'] | null>(null)
  const buttons = { renew: useRef<HTMLButtonElement>(null), revoke: useRef<HTMLButtonElement>(null) }
  const elsewhere = tokenIds.filter((id) => !tokensOnPage.some((token) => token.id === id))
  const count = tokenIds.length
  const areNoneNew =
    elsewhere.length === 0 &&
    tokensOnPage.every((token) => token.canBeRenewed === 'no' || !tokenIds.includes(token.id))
  const refusals: Record<TokenDialog['to'], string | null> = { renew: null, revoke: null }
  if (count === 0) refusals.renew = refusals.revoke = 'Select at least one token first.'
  else if (count > maxChosenTokens) {
    refusals.renew =
      refusals.revoke = `Select ${maxChosenTokens} tokens at most: a dialog names each of them.`
  } else if (areNoneNew) {
    refusals.renew =
      count === 1
        ? 'This token is marked Renewed, and only a token marked New can be renewed.'
        : 'These tokens are marked Renewed, and only tokens marked New can be renewed.'
  }
  const refusal = asked && refusals[asked]
  useEffect(() => {
    if (asked && !refusal) setAsked(null)
  }, [asked, refusal])

  function open(to: TokenDialog['to']) {
    if (refusals[to]) {
      setAsked(to)
      buttons[to].current?.focus()
      return
    }
    router.push(hrefOfDialog({ list, params }, { to, tokenIds }), { scroll: false })
  }

  return (
    // Without JavaScript the checkboxes send their tokens, and the button says what for: the list leads on to its dialog.
    <form
      id={formId}
      action={list}
      method="get"
      className="sticky bottom-3 z-10 m-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line bg-card px-4 py-2 shadow-lg max-sm:gap-x-2 max-sm:px-3 data-[ticked=true]:border-transparent data-[ticked=true]:bg-ink data-[ticked=true]:text-ground"
      data-ticked={count > 0}
      onSubmit={(event) => {
        event.preventDefault()
        const { submitter } = event.nativeEvent as SubmitEvent
        open(submitter === buttons.renew.current ? 'renew' : 'revoke')
      }}
    >
      {params.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <p className="mr-auto min-w-0 text-sm max-sm:flex-1 max-sm:basis-3/5" aria-live="polite">
        <span className="tabular-nums">
          <strong className="font-semibold">{count}</strong> selected
        </span>
        {elsewhere.length > 0 && <span className="opacity-80">, {elsewhere.length} not on this page</span>}
        {refusal && <strong className="block font-semibold">{refusal}</strong>}
      </p>
      {count > 0 && (
        <Button className="border-current! bg-transparent! text-inherit!" onClick={clear}>
          Clear
        </Button>
      )}
      <Button
        ref={buttons.renew}
        type="submit"
        name="dialog"
        value="renew"
        look={count > 0 ? 'primary' : 'secondary'}
        className="max-sm:grow max-sm:px-2!"
      >
        Renew Selected
      </Button>
      <Button
        ref={buttons.revoke}
        type="submit"
        name="dialog"
        value="revoke"
        look="danger"
        className="max-sm:grow max-sm:px-2!"
      >
        Revoke Selected
      </Button>
    </form>
  )
}
