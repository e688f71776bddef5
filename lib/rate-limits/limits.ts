/**
 * Guesses that are allowed before one must wait, and the window after whose end they are forgotten.
 * ASVS asks for at most 100 failed guesses of an account in an hour: those of marked browsers come on top.
 */
export const limits = {
  /** Of one account from one browser that carries a mark of it. It has only this one. */
  device: { guesses: 10, windowMinutes: 15 },
  /** Of one account from one address. */
  pair: { guesses: 10, windowMinutes: 15 },
  /** From one address, whatever the account. */
  address: { guesses: 30, windowMinutes: 15 },
  /** Of the password of somebody who is signed in, in one session. */
  session: { guesses: 10, windowMinutes: 15 },
  /** The same, in all sessions of the person: an id that changes gives no more guesses. */
  sessions: { guesses: 60, windowMinutes: 60 },
  /** Of one account, from all browsers without a mark of it. */
  account: { guesses: 100, windowMinutes: 60 },
}

/** Mails that somebody may make go out before they must wait. */
export const mailLimits = {
  /** To one address, because its owner is said to have forgotten their password. */
  'resets-to': { mails: 3, windowMinutes: 60 },
  /** From one address of the net, whoever they are for. */
  'resets-from': { mails: 20, windowMinutes: 60 },
  /** Applications for Partner Access from one network: each is answered by mail. */
  'applications-from': { mails: 5, windowMinutes: 60 },
  /** New invitations to the applicant of one application that was approved. */
  applicants: { mails: 5, windowMinutes: 60 },
  /** Of one store or partner. */
  invitations: { mails: 60, windowMinutes: 60 },
}

/** Refusals of one kind and network that have a row each in the record, where strangers can cause them without end. */
export const recordLimit = { rows: 30, windowMinutes: 15 }
