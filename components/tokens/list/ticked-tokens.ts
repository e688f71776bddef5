'use client'

import { useEffect, useSyncExternalStore } from 'react'

/** Which tokens of a list are ticked. Kept for the tab, so that the ticks survive paging, search and reloading. */
type TickedTokens = {
  tokenIds: readonly string[]
  tick: (tokenIds: readonly string[]) => void
  untick: (tokenIds: readonly string[]) => void
  clear: () => void
}

const none: readonly string[] = []
const listeners = new Set<() => void>()
const read = new Map<string, { stored: string | null; tokenIds: readonly string[] }>()

/** @param list names the list whose ticks they are: its address. */
export function useTickedTokens(list: string): TickedTokens {
  const tokenIds = useSyncExternalStore(
    subscribe,
    () => tickedIn(list),
    () => none,
  )
  // From what is kept now: a page that is just being taken over has not read it yet.
  const without = (others: readonly string[]) => tickedIn(list).filter((id) => !others.includes(id))
  return {
    tokenIds,
    tick: (more) => write(list, [...without(more), ...more]),
    untick: (less) => write(list, without(less)),
    clear: () => write(list, none),
  }
}

/**
 * Whether one of the ticked tokens of a list has what a page says of some of its own. What pages before this one said is kept with the ticks.
 * @param named what it is, for those that are kept.
 */
export function useSomeTicked(
  list: string,
  { onPage, having, named }: { onPage: readonly string[]; having: readonly string[]; named: string },
): boolean {
  const { tokenIds } = useTickedTokens(list)
  const key = `${list} ${named}`
  const { tokenIds: before } = useTickedTokens(key)
  const now = tokenIds.filter((id) => (onPage.includes(id) ? having : before).includes(id))
  const isNew = now.length !== before.length || now.some((id) => !before.includes(id))
  useEffect(() => {
    if (isNew) write(key, now)
  })
  return now.length > 0
}

const keyOf = (list: string) => `ticked:${list}`

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tickedIn(list: string): readonly string[] {
  const stored = sessionStorage.getItem(keyOf(list))
  const known = read.get(list)
  if (known && known.stored === stored) return known.tokenIds
  const tokenIds: readonly string[] = stored === null ? none : JSON.parse(stored)
  read.set(list, { stored, tokenIds })
  return tokenIds
}

function write(list: string, tokenIds: readonly string[]) {
  if (tokenIds.length === 0) sessionStorage.removeItem(keyOf(list))
  else sessionStorage.setItem(keyOf(list), JSON.stringify(tokenIds))
  for (const listener of listeners) listener()
}
