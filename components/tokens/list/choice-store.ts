'use client'

import { useSyncExternalStore } from 'react'

/** Which tokens of a list are ticked. Kept for the tab, so that the choice survives paging, search and reloading. */
export type Choice = {
  ids: readonly string[]
  set: (ids: readonly string[], chosen: 'chosen' | 'not-chosen') => void
  clear: () => void
}

const nothing: readonly string[] = []
const listeners = new Set<() => void>()
const read = new Map<string, { text: string | null; ids: readonly string[] }>()

/** @param list names the list whose choice it is: its address. */
export function useChoice(list: string): Choice {
  const ids = useSyncExternalStore(
    subscribe,
    () => idsOf(list),
    () => nothing,
  )
  return {
    ids,
    set: (changed, chosen) => {
      const rest = ids.filter((id) => !changed.includes(id))
      write(list, chosen === 'chosen' ? [...rest, ...changed] : rest)
    },
    clear: () => write(list, nothing),
  }
}

const keyOf = (list: string) => `choice:${list}`

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function idsOf(list: string): readonly string[] {
  const text = sessionStorage.getItem(keyOf(list))
  const known = read.get(list)
  if (known && known.text === text) return known.ids
  const ids: readonly string[] = text ? text.split(' ') : nothing
  read.set(list, { text, ids })
  return ids
}

function write(list: string, ids: readonly string[]) {
  if (ids.length === 0) sessionStorage.removeItem(keyOf(list))
  else sessionStorage.setItem(keyOf(list), ids.join(' '))
  for (const listener of listeners) listener()
}
