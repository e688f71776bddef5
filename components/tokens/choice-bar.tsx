'use client'

import type { Route } from 'next'
import Form from 'next/form'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { useChoice } from './choice-store.ts'

type Props = {
  formId: string
  list: Route
  /** The parameters of the list that stays behind the dialog. */
  params: [name: string, value: string][]
  tokenIdsOnPage: string[]
  maxChosen: number
}

/** How many tokens are ticked, here and on other pages, and what can be done with them. */
export function ChoiceBar({ formId, list, params, tokenIdsOnPage, maxChosen }: Props) {
  const choice = useChoice(list)
  const [asked, setAsked] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const elsewhere = choice.ids.filter((id) => !tokenIdsOnPage.includes(id))
  const count = choice.ids.length
  const refusal =
    count === 0
      ? 'Select at least one token first.'
      : count > maxChosen
        ? `Select ${maxChosen} tokens at most: a dialog names each of them.`
        : null
  useEffect(() => {
    if (count > 0 && count <= maxChosen) setAsked(false)
  }, [count, maxChosen])

  return (
    <Form
      id={formId}
      action={list}
      scroll={false}
      className="sticky bottom-3 z-10 m-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line bg-card px-4 py-2 shadow-lg data-[chosen=true]:border-transparent data-[chosen=true]:bg-ink data-[chosen=true]:text-ground"
      data-chosen={count > 0}
      onSubmit={(event) => {
        if (!refusal) return
        event.preventDefault()
        setAsked(true)
        button.current?.focus()
      }}
    >
      {params.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {elsewhere.map((id) => (
        <input key={id} type="hidden" name="revoke" value={id} />
      ))}
      <p className="mr-auto min-w-0 text-sm" aria-live="polite">
        <span className="tabular-nums">
          <strong className="font-semibold">{count}</strong> selected
        </span>
        {elsewhere.length > 0 && <span className="opacity-80">, {elsewhere.length} not on this page</span>}
        {asked && refusal && <strong className="block font-semibold">{refusal}</strong>}
      </p>
      {count > 0 && (
        <Button className="border-current! bg-transparent! text-inherit!" onClick={choice.clear}>
          Clear
        </Button>
      )}
      <Button ref={button} type="submit" look="danger">
        Revoke Selected
      </Button>
    </Form>
  )
}
