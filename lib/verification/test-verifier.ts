import type { Database } from '../process/database.ts'
import { defaultLookUpLimits } from './look-up-batches.ts'
import { createVerifier, lookUpIn } from './verify.ts'

/** For tests that ask what the gateway answers, not how fast: it waits for a busy machine. */
export const patientVerifier = (db: Database) =>
  createVerifier({ lookUp: lookUpIn(db), limits: { ...defaultLookUpLimits, deadlineMs: 10_000 } })
