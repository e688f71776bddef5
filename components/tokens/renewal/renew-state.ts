import type { RenewalOutcome, RenewalsRefusal } from '#lib/tokens/renew.ts'

/** What was typed into the form, so that nothing of it is lost when the server refuses. */
export type TypedRenewal = { until: string; retire: 'never' | 'adopted' | 'on-date'; retireOn: string }

export type RenewField = 'tokenIds' | 'until' | 'timeZone' | 'retire' | 'retireOn'

export type RenewState =
  | { kind: 'idle' }
  | { kind: 'invalid'; errors: { [field in RenewField]?: string }; typed: TypedRenewal }
  | { kind: 'refused'; refusal: RenewalsRefusal | 'signed-out' | 'unavailable' | 'busy'; typed: TypedRenewal }
  /** `choice`: the ids that were sent, as the address had them. */
  | { kind: 'done'; choice: string; outcome: RenewalOutcome }

/** The server action of either side, bound to its store or partner. */
export type RenewAction = (state: RenewState, form: FormData) => Promise<RenewState>
