import { useState } from 'react'
import { type FormAction, type FormState, isFailed } from '../ui/form-state.ts'
import type { ListBehind } from '../ui/list-address.ts'
import { useListAsItIs, useWayBack } from '../ui/list-behind.tsx'
import { useForm } from '../ui/use-form.ts'
import { useTickedTokens } from './list/ticked-tokens.ts'
import { areSame } from './token-dialog.ts'

type AboutTokens = { tokenIds: string[]; kind: string }

/**
 * The form of a dialog over a list, about the tokens of the dialog. Once it is done its tokens are ticked no longer, and the list
 * stands alone again: what the action answered has it as it is now. `done`: what came of it, or null. `open`: the dialog, or null
 * once what came of it is about the same tokens; what was refused in one that was left is not said in the next. `leave`: back to
 * the list as it stands behind, where nothing happened since.
 */
export function useTokenForm<Done extends { tokenIds: string[] }, Refusal, Sent, Dialog extends AboutTokens>(
  action: FormAction<FormState<Done, Refusal, Sent>>,
  behind: ListBehind,
  dialog: Dialog | null,
) {
  const form = useForm(action)
  const { untick } = useTickedTokens(behind.list)
  const goBack = useListAsItIs(behind)
  useWayBack(form.state, goBack, ({ tokenIds }) => untick(tokenIds))
  const done = form.state.kind === 'done' ? form.state.value : null
  const isThrough = done !== null && dialog !== null && areSame(done.tokenIds, dialog.tokenIds)
  const isListOld = isFailed(form.state) || dialog?.kind === 'nothing-left'
  const [left, setLeft] = useState<unknown>(null)
  if (dialog === null && isFailed(form.state) && left !== form.state) setLeft(form.state)
  const shown: typeof form = left === form.state ? { ...form, state: { kind: 'idle' } } : form
  return { form: shown, done, open: isThrough ? null : dialog, leave: isListOld ? undefined : goBack }
}
