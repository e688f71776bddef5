'use client'

import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { FormState } from './form-state.ts'
import { hrefOfList, type ListBehind } from './list-address.ts'

/** Goes back to the list once the action is done. */
export function useWayBack<Done>(
  state: FormState<Done, unknown, unknown>,
  goBack: () => void,
  onDone?: (value: Done) => void,
): void {
  const handled = useRef<unknown>(null)
  useEffect(() => {
    if (state.kind !== 'done' || handled.current === state) return
    handled.current = state
    onDone?.(state.value)
    goBack()
  }, [state, onDone, goBack])
}

/** To the list, which is asked for anew. */
export function useListAnew(behind: ListBehind): () => void {
  const router = useRouter()
  return () => router.replace(hrefOfList(behind), { scroll: false })
}

/**
 * To the list as it stands behind the dialog: only the address changes. Until the page's effects have run the router does not
 * listen for that, and the dialog would stay: the list is asked for anew then.
 */
export function useListAsItIs(behind: ListBehind): () => void {
  const askAnew = useListAnew(behind)
  return () => {
    const isHeardByRouter = Object.hasOwn(history, 'replaceState')
    if (isHeardByRouter) history.replaceState(null, '', hrefOfList(behind))
    else askAnew()
  }
}

/** The form that a dialog's Cancel and Close submit. `leave` does it in the place of asking for the list. */
export function CancelForm({
  id,
  list,
  params,
  leave,
}: ListBehind & { id: string; leave: (() => void) | undefined }) {
  return (
    <Form
      prefetch={false}
      id={id}
      action={list}
      replace
      scroll={false}
      onSubmit={(event) => {
        if (!leave) return
        event.preventDefault()
        leave()
      }}
    >
      {params.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </Form>
  )
}
