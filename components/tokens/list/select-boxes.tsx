'use client'

import { useEffect, useRef } from 'react'
import { useScripting } from '../../ui/scripting.ts'
import { useChoice } from './choice-store.ts'

const box = 'size-[18px] align-middle'

/** The Select checkbox of a row. Part of the form `formId`, so that it works without JavaScript too. */
export function SelectBox({
  list,
  tokenId,
  label,
  formId,
}: {
  list: string
  tokenId: string
  label: string
  formId: string
}) {
  const choice = useChoice(list)
  return (
    <input
      type="checkbox"
      className={box}
      aria-label={label}
      name="chosen"
      value={tokenId}
      form={formId}
      checked={choice.ids.includes(tokenId)}
      onChange={(event) => choice.set([tokenId], event.target.checked ? 'chosen' : 'not-chosen')}
    />
  )
}

/** Ticks or clears the rows of the page; half ticked where only some of them are. */
export function SelectPageBox({ list, tokenIds }: { list: string; tokenIds: string[] }) {
  const choice = useChoice(list)
  const ref = useRef<HTMLInputElement>(null)
  const hasScripting = useScripting()
  const chosen = tokenIds.filter((id) => choice.ids.includes(id)).length
  const some = chosen > 0 && chosen < tokenIds.length
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = some
  }, [some])
  return (
    // Without scripts it would do nothing; its place is kept.
    <span className={hasScripting ? undefined : 'invisible'}>
      <input
        ref={ref}
        type="checkbox"
        className={box}
        aria-label="Select all tokens on this page"
        checked={chosen > 0 && !some}
        onChange={(event) => choice.set(tokenIds, event.target.checked ? 'chosen' : 'not-chosen')}
      />
      <span aria-hidden="true" className="ml-3 font-normal lg:hidden">
        Select all on this page
      </span>
    </span>
  )
}
