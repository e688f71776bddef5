'use client'

import type { Route } from 'next'
import {
  type ChangeEvent,
  type MouseEvent as ReactMouseEvent,
  type ReactNode,
  type SyntheticEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { maxChosenTokens } from '#lib/tokens/limits.ts'
import { Button } from '../../ui/button.tsx'
import { type ChosenStep, chosenSteps, dialogIn } from '../token-dialog.ts'
import { boxesIn, idsOf, showTicks } from './select-boxes.ts'
import { useSomeTicked, useTickedTokens } from './ticked-tokens.ts'
import { loadDialogs, useOpening } from './token-dialogs.tsx'
import { useClosingMenus } from './use-closing-menus.ts'

type Props = {
  formId: string
  list: Route
  /** The parameters of the list that stays behind the dialog. */
  params: [name: string, value: string][]
  tokenIds: string[]
  /** Those of them that cannot be renewed. */
  renewedIds: string[]
  /** Those of them that the reader's side has paused. */
  pausedIds: string[]
  /** The table, with the Select checkboxes: inputs of the form that name their tokens, and those that tick others. */
  children: ReactNode
}

/** Around the rows of which some can be chosen: how many are ticked, here and on other pages, and what can be done with them. */
export function Choice({ formId, list, params, tokenIds: onPage, renewedIds, pausedIds, children }: Props) {
  const { tokenIds, tick, untick, clear } = useTickedTokens(list)
  const isSomePaused = useSomeTicked(list, { onPage, having: pausedIds, named: 'paused' })
  const opening = useOpening()
  const [asked, setAsked] = useState<ChosenStep | null>(null)
  const buttons = {
    renew: useRef<HTMLButtonElement>(null),
    pause: useRef<HTMLButtonElement>(null),
    resume: useRef<HTMLButtonElement>(null),
    revoke: useRef<HTMLButtonElement>(null),
  }
  const rows = useRef<HTMLDivElement>(null)
  const bar = useRef<HTMLFormElement>(null)
  /** The box that was ticked or cleared last, and whether Shift was down with the click or key that comes now. */
  const last = useRef<{ box: HTMLInputElement | null; isRange: boolean }>({ box: null, isRange: false })
  useClosingMenus(rows)

  const count = tokenIds.length
  const elsewhere = tokenIds.filter((id) => !onPage.includes(id)).length
  const areNoneNew = elsewhere === 0 && tokenIds.every((id) => renewedIds.includes(id))
  const refusals: Record<ChosenStep, string | null> = {
    ...{ renew: null, pause: null, resume: null, revoke: null },
  }
  if (count > maxChosenTokens) {
    refusals.renew =
      refusals.pause =
      refusals.resume =
      refusals.revoke =
        `Select ${maxChosenTokens} tokens at most: a dialog names each of them.`
  } else if (areNoneNew) {
    refusals.renew =
      count === 1
        ? 'This token is marked Renewed, and only a token marked New can be renewed.'
        : 'These tokens are marked Renewed, and only tokens marked New can be renewed.'
  }
  const refusal = count > 0 && asked && refusals[asked]
  useEffect(() => {
    if (asked && !refusal) setAsked(null)
  }, [asked, refusal])

  // What was ticked before the scripts ran counts as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, before the boxes show what is kept.
  useLayoutEffect(() => {
    tick(idsOf(boxesIn(rows.current).filter(({ checked }) => checked)))
  }, [])
  // With each page that is shown, too.
  useLayoutEffect(() => showTicks(rows.current, tokenIds))
  useLayoutEffect(() => {
    if (count > 0) uncoverFocus(bar.current)
  }, [count])

  function onChange({ target }: ChangeEvent<HTMLElement>) {
    if (!(target instanceof HTMLInputElement) || target.type !== 'checkbox') return
    const boxes = boxesIn(rows.current)
    const ids = idsOf(boxesOf(target, boxes))
    last.current.box = target
    if (target.checked) tick(ids)
    else untick(ids)
  }

  /** What one click ticks or clears: a page, a group, a range or one. */
  function boxesOf(target: HTMLInputElement, boxes: HTMLInputElement[]) {
    if (target.dataset.ticks === 'page') return boxes
    if (target.dataset.ticks === 'group') return boxesIn(target.closest('tbody'))
    const { box, isRange } = last.current
    const [from, to] = [box ? boxes.indexOf(box) : -1, boxes.indexOf(target)]
    return isRange && from >= 0 ? boxes.slice(Math.min(from, to), Math.max(from, to) + 1) : [target]
  }

  function onPress({ nativeEvent }: SyntheticEvent<HTMLElement, MouseEvent | KeyboardEvent>) {
    last.current.isRange = nativeEvent.shiftKey
    loadDialogs()
  }

  /** The dialog of a link in a row comes without the list, which stands here already. */
  function onFollow(event: ReactMouseEvent<HTMLElement>) {
    const { altKey, ctrlKey, metaKey, shiftKey } = event
    const link = (event.target as Element).closest('a')
    const dialog = link && dialogIn(new URL(link.href).searchParams)
    if (!dialog || altKey || ctrlKey || metaKey || shiftKey) return
    event.preventDefault()
    opening.open(dialog)
  }

  function open(to: ChosenStep) {
    if (refusals[to]) {
      setAsked(to)
      buttons[to].current?.focus()
      return
    }
    opening.open({ to, tokenIds })
  }

  function clearAll() {
    clear()
    rows.current?.querySelector<HTMLInputElement>('[data-ticks=page]')?.focus()
  }

  const chosen = count > 0 ? '' : 'hidden! noscript:inline-flex!'
  return (
    <>
      <div
        ref={rows}
        onChange={onChange}
        onClickCapture={onFollow}
        onPointerDownCapture={onPress}
        onKeyDownCapture={onPress}
      >
        {children}
      </div>
      {/* Without JavaScript the checkboxes send their tokens, and the button says what for: the list leads on to its dialog. */}
      <form
        ref={bar}
        id={formId}
        action={list}
        method="get"
        data-choice={count > 0 ? 'some' : 'none'}
        className="flex flex-wrap items-center gap-x-3 gap-y-2 data-[choice=some]:sticky data-[choice=some]:bottom-3 data-[choice=some]:z-10 data-[choice=some]:m-3 data-[choice=some]:rounded-xl data-[choice=some]:bg-ink data-[choice=some]:px-4 data-[choice=some]:py-2 data-[choice=some]:text-ground data-[choice=some]:border data-[choice=some]:border-transparent data-[choice=some]:shadow-lg max-sm:gap-x-2 noscript:border-t noscript:border-line noscript:px-4 noscript:py-3 print:hidden"
        onSubmit={(event) => {
          event.preventDefault()
          const { submitter } = event.nativeEvent as SubmitEvent
          const pressed = chosenSteps.find((to) => submitter !== null && submitter === buttons[to].current)
          open(pressed ?? 'revoke')
        }}
      >
        {params.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <p className="mr-auto hidden text-sm text-soft noscript:block">
          Of the tokens that are ticked above:
        </p>
        {/* Always there, so that it is read out when it changes. */}
        <p
          className={count > 0 ? 'mr-auto min-w-0 text-sm max-sm:basis-3/5' : 'sr-only noscript:hidden'}
          aria-live="polite"
        >
          <span className="tabular-nums">
            <strong className="font-semibold">{count}</strong> selected
          </span>
          {elsewhere > 0 && <span className="opacity-80">, {elsewhere} not on this page</span>}
          {opening.isOpening && <span className="opacity-80"> · Opening…</span>}
          {refusal && <strong className="block font-semibold">{refusal}</strong>}
        </p>
        {count > 0 && (
          <Button
            className="border-current! bg-transparent! text-inherit! max-sm:min-h-11"
            onClick={clearAll}
          >
            Clear
          </Button>
        )}
        <Button
          ref={buttons.renew}
          type="submit"
          name="dialog"
          value="renew"
          className={`${chosen} max-sm:min-h-11 max-sm:grow max-sm:px-2! ${count > 0 ? 'border-current! bg-transparent! text-inherit!' : ''}`}
        >
          Renew Selected
        </Button>
        <Button
          ref={buttons.pause}
          type="submit"
          name="dialog"
          value="pause"
          // On a phone two stand side by side: those of the domain, and those of pauses below them.
          className={`${chosen} max-sm:order-1 max-sm:min-h-11 max-sm:grow max-sm:px-2! ${isSomePaused ? '' : 'max-sm:basis-full'} ${count > 0 ? 'border-current! bg-transparent! text-inherit!' : ''}`}
        >
          Pause Selected
        </Button>
        {(isSomePaused || pausedIds.length > 0) && (
          <Button
            ref={buttons.resume}
            type="submit"
            name="dialog"
            value="resume"
            className={`${isSomePaused ? 'border-current! bg-transparent! text-inherit!' : 'hidden! noscript:inline-flex!'} max-sm:order-1 max-sm:min-h-11 max-sm:grow max-sm:px-2!`}
          >
            Resume Selected
          </Button>
        )}
        <Button
          ref={buttons.revoke}
          type="submit"
          name="dialog"
          value="revoke"
          look={count > 0 ? 'danger' : 'secondary'}
          className={`${chosen} max-sm:min-h-11 max-sm:grow max-sm:px-2!`}
        >
          Revoke Selected
        </Button>
      </form>
    </>
  )
}

/** As the bar appears it may stand over what has the focus, such as the box that was ticked. */
function uncoverFocus(bar: HTMLElement | null) {
  const focused = document.activeElement
  if (!bar || !focused || focused === document.body || bar.contains(focused)) return
  if (focused.getBoundingClientRect().bottom > bar.getBoundingClientRect().top) {
    focused.scrollIntoView({ block: 'nearest' })
  }
}
