import type { Database } from '#db/client.ts'
import type { Caller, Scene } from '../callers.ts'
import type { SentForm } from '../forms.ts'

/** What anybody may try with a form that was made for somebody who may. */
export type Deed = {
  exported: string
  /** Which one, of an action that does several. */
  named?: string
  right: Caller[]
  /** Makes what it is done to. `as`: who is shown the form. `set`: what is typed into it. */
  prepare: (
    scene: Scene,
    owner: Database,
  ) => Promise<{
    path: string
    as: Caller
    button: string
    of?: 'several'
    set?: SentForm
    wasDone: () => Promise<boolean>
  }>
}
