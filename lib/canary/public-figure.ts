import { getDatabase } from '../process/database.ts'
import { shareAnswer } from '../process/shared-answer.ts'
import { readCanaryFigure } from './figure.ts'

/** Anybody may ask, as often as they like: the database is asked once in ten seconds. */
export const readPublicFigure = shareAnswer(() => readCanaryFigure({ db: getDatabase() }), { forMs: 10_000 })
