import type { FormAction, FormState } from '../ui/form-state.ts'
import type { ListBehind } from '../ui/list-address.ts'
import { useWayBack } from '../ui/list-behind.tsx'
import { useForm } from '../ui/use-form.ts'
import { useTickedTokens } from './list/ticked-tokens.ts'
import { areSame } from './token-dialog.ts'

type AboutTokens = { tokenIds: string[] }

/**
 * The form of a dialog over a list, about the tokens of the dialog. Once it is done its tokens are ticked no longer, and the list
 * stands alone again. `done`: what came of it, or null. `open`: the dialog, or null once what came of it is about the same tokens.
 */
export function useTokenForm<Done extends AboutTokens, Refusal, Sent, Dialog extends AboutTokens>(
  action: FormAction<FormState<Done, Refusal, Sent>>,
  behind: ListBehind,
  dialog: Dialog | null,
) {
  const form = useForm(action)
  const { untick } = useTickedTokens(behind.list)
  useWayBack(form.state, behind, ({ tokenIds }) => untick(tokenIds))
  const done = form.state.kind === 'done' ? form.state.value : null
  const isThrough = done !== null && dialog !== null && areSame(done.tokenIds, dialog.tokenIds)
  return { form, done, open: isThrough ? null : dialog }
}
