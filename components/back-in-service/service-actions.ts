import type { Answered, AnswerRefusal } from '#lib/back-in-service/answer.ts'
import type { Consent, ConsentRefusal } from '#lib/back-in-service/consent.ts'
import type { EndRefusal } from '#lib/back-in-service/end.ts'
import type { StartRefusal } from '#lib/back-in-service/start.ts'
import type { FormState } from '../ui/form-state.ts'

export type CampaignState = FormState<{ verb: 'start' | 'end' }, StartRefusal | EndRefusal>
export type AnswerState = FormState<Answered & { requestId: string }, AnswerRefusal>
export type ConsentState = FormState<{ consent: Consent }, ConsentRefusal>
