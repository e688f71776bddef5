'use client'

import { createContext, type FormEvent, type ReactNode, useContext, useLayoutEffect, useRef } from 'react'
import { maxCounted } from '#lib/tokens/limits.ts'
import type { SentRevocation } from '../token-actions.ts'

type Choice = {
  /** What the form was sent with when the server refused it. */
  sent: SentRevocation | undefined
  /** Called with how many other tokens are ticked; infinitely many: more than can be counted. */
  onTicked: (count: number) => void
}

export const ChoiceContext = createContext<Choice>({ sent: undefined, onTicked: () => {} })

type Props = {
  /** How many have a tick of their own. */
  listed: number
  /** How many there are, as far as they are counted; else infinitely many. */
  all: number
  until: Date
  children: ReactNode
}

/**
 * A tick for each of the other live tokens, and one for all of them. `siblingsUntil` and `extent` say which all were there when
 * the page was made: one that is issued meanwhile is not taken along.
 */
export function SiblingTicks({ listed, all, until, children }: Props) {
  const { sent, onTicked } = useContext(ChoiceContext)
  const part = useRef<HTMLDivElement>(null)
  function count(changed: Element | null) {
    const boxes = [...(part.current?.querySelectorAll<HTMLInputElement>('[name=siblingId]') ?? [])]
    const whole = part.current?.querySelector<HTMLInputElement>('[name=extent]')
    const ticked = () => boxes.filter((box) => box.checked).length
    if (whole && changed === whole) for (const box of boxes) box.checked = whole.checked
    else if (whole) whole.checked = ticked() === listed && listed === all
    onTicked(whole?.checked ? all : ticked())
  }
  // What was ticked before the scripts ran, or was sent before, counts as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, before the boxes can be changed otherwise.
  useLayoutEffect(() => {
    count(part.current?.querySelector('[name=extent]:checked') ?? null)
  }, [])
  return (
    <div
      ref={part}
      onChange={({ target }: FormEvent<HTMLDivElement>) => count(target as Element)}
      className="grid gap-1"
    >
      <input type="hidden" name="siblingsUntil" value={until.toISOString()} />
      <ul className="grid gap-1">{children}</ul>
      {all > 1 && (
        <label className="flex min-h-8 items-center gap-2.5 border-t border-current/25 pt-1 text-sm font-semibold">
          <input
            type="checkbox"
            name="extent"
            value="with-siblings"
            defaultChecked={sent?.extent === 'with-siblings'}
            className="size-[18px] shrink-0"
          />
          All {Number.isFinite(all) ? all : `of the more than ${maxCounted}`}
          {listed < all && ', also those that are not listed here'}
        </label>
      )}
    </div>
  )
}

export function SiblingTick({ id, children }: { id: string; children: ReactNode }) {
  const { sent } = useContext(ChoiceContext)
  return (
    <label className="flex min-h-8 items-center gap-2.5 pointer-coarse:min-h-11">
      <input
        type="checkbox"
        name="siblingId"
        value={id}
        defaultChecked={sent?.siblingIds.includes(id)}
        className="size-[18px] shrink-0"
      />
      {children}
    </label>
  )
}
