import type { LeakAnswer, LeakAnswerRefusal } from '#lib/leaks/change-answer.ts'
import type { FormState } from '../ui/form-state.ts'

export type LeakAnswerState = FormState<{ answer: LeakAnswer }, LeakAnswerRefusal>
