import type { IssueRefusal } from '#lib/tokens/issue.ts'

export type IssueField = 'until' | 'timeZone' | 'partnerId'

/** Where the token was issued the action leads to it instead. `until`: the day that was sent. */
export type IssueState =
  | { kind: 'idle' }
  | { kind: 'invalid'; errors: { [field in IssueField]?: string }; until: string }
  | { kind: 'refused'; refusal: IssueRefusal | 'signed-out' | 'unavailable' | 'busy'; until: string }

export type IssueAction = (state: IssueState, form: FormData) => Promise<IssueState>
