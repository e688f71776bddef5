'use client'

import type { Route } from 'next'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'
import { ButtonLink } from './button-link.tsx'
import { hrefOfList, type ListBehind } from './list-address.ts'
import { CancelForm } from './list-behind.tsx'
import { Modal } from './modal.tsx'

type Confirm = {
  label: string
  /** While it is under way, where the label changes. */
  busyLabel?: string
  look: 'primary' | 'danger'
  /** What the button sends. */
  name?: string
  value?: string
}

type Props = {
  /** Begins the ids of its parts: `revoke` has its title in `revoke-title`. */
  id: string
  role?: 'alertdialog' | 'dialog'
  title: ReactNode
  describedBy?: string | undefined
  /** The list or the page that stays behind it. */
  behind: ListBehind | Route
  form: { state: unknown; submit: (form: FormData) => void; pending: boolean }
  /** `wide`: as wide as the page. */
  width?: 'usual' | 'wide'
  /** Null: nothing is left to do here but to close it. */
  confirm: Confirm | null
  /** Why it was refused, below the title. */
  problem?: ReactNode
  /** Which part has the focus first: Cancel, or what is marked `data-first-focus`. */
  firstFocus?: 'cancel' | 'marked'
  /** Changes where the fields have to take new default values. */
  formKey?: string
  /** Leads back where nothing has to be asked for anew; else the list or the page behind is. */
  leave?: (() => void) | undefined
  children: ReactNode
}

/** A dialog with one form: what it is about, why it was refused, what it asks; Cancel, and the button that confirms. */
export function DialogForm(props: Props) {
  const { id, role, title, describedBy, behind, form, confirm, problem, firstFocus = 'cancel' } = props
  const fields = useRef<HTMLFormElement>(null)
  // Where a field says itself what is wrong with it, whoever sent it can mend it at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each answer.
  useEffect(() => fields.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [form.state])
  const cancelFormId = useId()
  const isOverList = typeof behind === 'object'
  const leaving = confirm ? 'Cancel' : 'Close'
  const marks = firstFocus === 'cancel' || !confirm ? { 'data-first-focus': true } : {}
  return (
    <Modal
      {...(role && { role })}
      labelledBy={`${id}-title`}
      describedBy={describedBy}
      width={props.width ?? 'usual'}
      closeHref={isOverList ? hrefOfList(behind) : behind}
      leave={props.leave}
    >
      {isOverList && <CancelForm id={cancelFormId} {...behind} leave={props.leave} />}
      {/* The server checks, in our words: what a browser would refuse before is for its calendar. */}
      <form ref={fields} action={form.submit} method="post" noValidate key={props.formKey}>
        <div className="grid gap-4 p-5">
          <h2 id={`${id}-title`} className="text-lg font-semibold tracking-tight wrap-anywhere">
            {title}
          </h2>
          {problem}
          {props.children}
        </div>
        {/* Where little is to be seen at once, it must not stand over what is asked. */}
        <div className="sticky bottom-0 flex flex-wrap [@media(max-height:30rem)]:static justify-end gap-2.5 border-t border-line bg-card px-5 py-3.5">
          {isOverList ? (
            <Button type="submit" form={cancelFormId} {...marks}>
              {leaving}
            </Button>
          ) : (
            <ButtonLink href={behind} replace scroll={false} {...marks}>
              {leaving}
            </ButtonLink>
          )}
          {confirm && <ConfirmButton {...confirm} pending={form.pending} />}
        </div>
      </form>
    </Modal>
  )
}

function ConfirmButton({ label, busyLabel = label, pending, ...button }: Confirm & { pending: boolean }) {
  return (
    <Button {...button} type="submit" disabled={pending}>
      {pending ? busyLabel : label}
    </Button>
  )
}
