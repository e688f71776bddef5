import type { FormState } from '../ui/form-state.ts'

export type MarkReadState = FormState<{ marked: number }>
/** Once the notice is read the action leads to what it is about. */
export type OpenNoticeState = FormState<never, 'gone'>
