'use client'

import { useEffect, useRef } from 'react'
import { useScripting } from '../../ui/scripting.ts'
import { useTickedTokens } from './ticked-tokens.ts'

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
  const ticked = useTickedTokens(list)
  return (
    <input
      type="checkbox"
      className={box}
      aria-label={label}
      name="tokenId"
      value={tokenId}
      form={formId}
      checked={ticked.tokenIds.includes(tokenId)}
      onChange={(event) => (event.target.checked ? ticked.tick([tokenId]) : ticked.untick([tokenId]))}
    />
  )
}

/** Ticks or clears the rows of the page; half ticked where only some of them are. */
export function SelectPageBox({ list, tokenIds }: { list: string; tokenIds: string[] }) {
  const ticked = useTickedTokens(list)
  const ref = useRef<HTMLInputElement>(null)
  const hasScripting = useScripting()
  const count = tokenIds.filter((id) => ticked.tokenIds.includes(id)).length
  const some = count > 0 && count < tokenIds.length
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
        checked={count > 0 && !some}
        onChange={(event) => (event.target.checked ? ticked.tick(tokenIds) : ticked.untick(tokenIds))}
      />
      <span aria-hidden="true" className="ml-3 font-normal lg:hidden">
        Select all on this page
      </span>
    </span>
  )
}
