'use client'

import type { Route } from 'next'
import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useActionState, useEffect, useRef } from 'react'
import type { Side } from '#lib/auth/actor.ts'
import { Modal } from '../ui/modal.tsx'
import { useChoice } from './choice-store.ts'
import { RenewForm, type RenewFormProps } from './renew-form.tsx'
import type { RenewAction } from './renew-state.ts'
import { RenewalResult } from './renewal-result.tsx'

type Props = {
  side: Side
  action: RenewAction
  /** The list's own address, without parameters. */
  list: Route
  /** The parameters of the list behind the dialog. */
  params: [name: string, value: string][]
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Pick<RenewFormProps, 'kind' | 'tokenIds' | 'count' | 'review' | 'bounds' | 'now'> | null
}

const cancelFormId = 'cancel-renew'

/** The renew dialog, and its result when it is through. */
export function Renewal({ side, action, list, params, dialog }: Props) {
  const closeHref = (params.length > 0 ? `${list}?${new URLSearchParams(params)}` : list) as Route
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const router = useRouter()
  const choice = useChoice(list)
  const handled = useRef<unknown>(null)

  useEffect(() => {
    if (state.kind !== 'done' || handled.current === state) return
    handled.current = state
    choice.set(state.choice.split(' '), 'not-chosen')
    router.replace(closeHref, { scroll: false })
  }, [state, choice, closeHref, router])

  const through = state.kind === 'done' && (!dialog || state.choice === dialog.tokenIds.join(' '))
  return (
    <>
      {state.kind === 'done' && (
        <RenewalResult key={state.choice} side={side} outcome={state.outcome} list={list} />
      )}
      {dialog && !through && (
        <Modal key={dialog.tokenIds.join(' ')} role="dialog" labelledBy="renew-title" closeHref={closeHref}>
          <Form id={cancelFormId} action={list} replace scroll={false}>
            {params.map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
          </Form>
          <RenewForm
            state={state}
            submit={submit}
            pending={pending}
            cancelFormId={cancelFormId}
            {...dialog}
          />
        </Modal>
      )}
    </>
  )
}
