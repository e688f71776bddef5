'use client'

import type { Route } from 'next'
import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'

/** The list that a dialog stands over, which is its address without the dialog. */
export type ListBehind = {
  /** Without parameters. */
  list: Route
  params: [name: string, value: string][]
}

/** Goes back to the list once the deed is done. @returns the list's address. */
export function useWayBack<State extends { kind: string }>(
  state: State,
  { list, params }: ListBehind,
  onDone?: (done: Extract<State, { kind: 'done' }>) => void,
): Route {
  const closeHref = (params.length > 0 ? `${list}?${new URLSearchParams(params)}` : list) as Route
  const router = useRouter()
  const handled = useRef<unknown>(null)
  useEffect(() => {
    if (state.kind !== 'done' || handled.current === state) return
    handled.current = state
    onDone?.(state as Extract<State, { kind: 'done' }>)
    router.replace(closeHref, { scroll: false })
  }, [state, onDone, closeHref, router])
  return closeHref
}

/** The form that a dialog's Cancel and Close submit. */
export function CancelForm({ id, list, params }: ListBehind & { id: string }) {
  return (
    <Form prefetch={false} id={id} action={list} replace scroll={false}>
      {params.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </Form>
  )
}
