import type { ChangeRefusal } from '#lib/partners/change-apis.ts'
import type { Api } from '#lib/tokens/model/policy.ts'

export type ChangeState =
  | { kind: 'idle' }
  | { kind: 'saved'; apis: Api[] }
  | {
      kind: 'refused'
      refusal: ChangeRefusal | 'none-ticked' | 'signed-out' | 'unavailable' | 'busy' | 'invalid'
    }

export type ChangeAction = (state: ChangeState, form: FormData) => Promise<ChangeState>
