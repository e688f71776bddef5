'use client'

import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { FormState } from './form-state.ts'
import { hrefOfList, type ListBehind } from './list-address.ts'

/** Goes back to the list once the action is done. */
export function useWayBack<Done>(
  state: FormState<Done, unknown, unknown>,
  behind: ListBehind,
  onDone?: (value: Done) => void,
): void {
  const closeHref = hrefOfList(behind)
  const router = useRouter()
  const handled = useRef<unknown>(null)
  useEffect(() => {
    if (state.kind !== 'done' || handled.current === state) return
    handled.current = state
    onDone?.(state.value)
    router.replace(closeHref, { scroll: false })
  }, [state, onDone, closeHref, router])
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
