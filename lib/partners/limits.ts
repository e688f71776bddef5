const windowMinutes = 60

/** Different Partner IDs that may be looked up in an hour, so that nobody walks through all of them for their names. */
export const lookUpLimits = {
  /** By one person, for whichever of their stores. */
  person: { bucket: 'look-ups-by', points: 30, windowMinutes },
  /** For one store, by all its members. */
  store: { bucket: 'look-ups-for', points: 60, windowMinutes },
  /** An ID that somebody has looked up for a store: going back and forth with it costs nothing. */
  known: { bucket: 'looked-up', points: 1, windowMinutes },
}
