import { defaultLookUpLimits } from '#lib/verification/look-up-batches.ts'

/** In a process of the gateway, on a machine that is busy with other tests; what the time-out is for has its own test. */
defaultLookUpLimits.deadlineMs = 10_000
