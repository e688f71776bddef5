import type { Route } from 'next'
import type { FindRefusal } from '#lib/finds/find.ts'
import type { Unanswered } from '../ui/form-state.ts'

export type AnyFindRefusal = FindRefusal | Unanswered

/** What the script of the form is answered: where what was found is shown, or why nothing was searched. */
export type FindAnswer = { to: Route } | { refusal: AnyFindRefusal }
