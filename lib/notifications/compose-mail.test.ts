import { describe, expect, test } from 'vitest'
import { composeMail, type MailedOperation, withoutNewsOf } from './compose-mail.ts'
import { type MailKind, mailKinds } from './kinds.ts'

const reader = { name: 'Desk of Parcel Pilot', language: 'en-GB', timeZone: 'Asia/Tokyo' }
const links = {
  stopUrl: 'https://tokens.example/unsubscribe?kind=x',
  accountUrl: 'https://tokens.example/account',
  inboxUrl: 'https://tokens.example/inbox',
}
/** In Tokyo it is the day after. */
const lateInTheDay = new Date('2027-03-01T20:30:00.000Z')

const operationOf = (kind: MailKind, operation: Partial<MailedOperation> = {}): MailedOperation => ({
  kind,
  ...{ storeId: 'harbor-books', storeName: 'Harbor Books', partnerId: 'ypa-1', partnerName: 'Parcel Pilot' },
  ...{ tokenCount: 1, lastCharacters: 'wxyz', expiresAt: lateInTheDay },
  ...{ byUserName: null, bySide: null, details: null, occurredAt: lateInTheDay },
  link: 'https://tokens.example/where',
  ...operation,
})

const bodyOf = (kind: MailKind, operation: Partial<MailedOperation> = {}, of = reader) =>
  composeMail(of, [operationOf(kind, operation)], links).body

/** What one token's mail of each kind says, beside the partner and the store. */
const said: Record<MailKind, { details?: Record<string, string>; subject: RegExp; body: string[] }> = {
  'partner.added': {
    subject: /^The partner “Parcel Pilot” was added to “Harbor Books”$/,
    body: ['can be collected for 14 days, until 16 March 2027 at 05:30 GMT+9'],
  },
  'partner.removed': {
    subject: /^The partner “Parcel Pilot” was removed from “Harbor Books”$/,
    body: ['Its tokens are revoked.', 'refused'],
  },
  'token.issued': {
    subject: /^A new token was issued to/,
    body: ['was issued.', 'can be collected for 14 days, until 16 March 2027 at 05:30 GMT+9'],
  },
  'token.renewed': { subject: /was renewed$/, body: ['was renewed.', 'works until its own expiry'] },
  'token.revoked': {
    details: { reason: 'exposed', note: 'It stood in a chat.' },
    subject: /was revoked$/,
    body: [
      'Reason: the token may have leaked.',
      'Note, in their own words: “It stood in a chat.”',
      'refused from that moment on',
    ],
  },
  'token.paused': {
    details: { reason: 'exposed', until: '2027-03-15T20:30:00.000Z', endsAs: 'revoked' },
    subject: /was paused$/,
    body: [
      'was paused.',
      'The pause ends on 16 March 2027 at 05:30 GMT+9; then it is revoked.',
      'Reason: the token may have leaked.',
      'Whoever paused it can resume it before that time',
    ],
  },
  'token.resumed': {
    details: { accepted: 'yes' },
    subject: /works again after a pause$/,
    body: ['was resumed.', 'Calls are accepted again.'],
  },
  'token.reported': {
    details: {
      by: 'report',
      foundAt: 'https://code.example/a',
      words: 'It is in your log, ask www.evil.example',
    },
    subject: /was reported as leaked$/,
    body: [
      'The store had paused it already.',
      'Whoever found it, a stranger to us, wrote: “It is in your log, ask …”',
      'Where it was found stands on the page:',
      'Revoke it before the pause ends',
    ],
  },
  'tokens.cut_off': {
    details: { tokens: '3214', others: '1', at: '2027-03-15T20:30:00.000Z', reason: 'exposed' },
    subject: /^All tokens of “Parcel Pilot” for “Harbor Books” were revoked at once$/,
    body: [
      'that were issued until 16 March 2027 at 05:30 GMT+9 were revoked at once.',
      'They were 3214.',
      'Reason: the token may have leaked.',
      'Tokens that are issued after it work',
    ],
  },
  'service.asked': {
    details: { cutOffAt: '2027-02-27T20:30:00.000Z', reminder: '3', requestId: 'r', cutOffId: 'c' },
    subject:
      /^Reminder: the partner “Parcel Pilot” was cut off, and asks for a new token for “Harbor Books”$/,
    body: [
      'was cut off on 28 February 2027 at 05:30',
      'asks for a new token',
      'Issue the new token or decline',
    ],
  },
  'service.issued': {
    details: { way: 'at-once' },
    subject: /^A new token was issued to “Parcel Pilot” after a cut-off$/,
    body: ['at once: the store has waived its consent', 'can be collected for 14 days'],
  },
  'service.started': {
    details: { stores: '4000', asked: '1200', issued: '2700', skipped: '60', declined: '40' },
    subject: /^Back in service: 4000 stores were asked for new tokens$/,
    body: ['Of 4000 stores, 2700 have a new token, and 1200 have not answered yet. At 100 none is issued.'],
  },
  'service.waiting': {
    details: { waiting: '1' },
    subject: /^Back in service: 1 new token waits to be collected$/,
    body: ['1 new token waits to be collected.', 'Collect them on the page above'],
  },
  'service.ended': {
    details: { stores: '1', asked: '1', issued: '0' },
    subject: /^Back in service: stores are asked no longer$/,
    body: ['has ended', 'Of 1 store, 0 have a new token, and 1 has not answered yet.'],
  },
  'plan.announced': {
    details: { does: 'revoke', runAt: '2027-03-15T20:30:00.000Z', reason: 'exposed', planId: 'p' },
    subject: /^1 token of “Parcel Pilot” for “Harbor Books” is to be revoked$/,
    body: [
      'is to be revoked on 16 March 2027 at 05:30 GMT+9. This was announced.',
      'Reason: the token may have leaked.',
      'whoever announced it can cancel it',
    ],
  },
  'plan.cancelled': {
    details: { does: 'renew', runAt: '2027-03-15T20:30:00.000Z', planId: 'p' },
    subject: /is not renewed after all$/,
    body: ['was to be renewed on 16 March 2027 at 05:30 GMT+9. This was cancelled.', 'they go on working'],
  },
  'plan.stopped': {
    details: { does: 'revoke', planId: 'p' },
    subject: /was revoked, and then it was stopped$/,
    body: ['What was not done by then was stopped.', 'No reason was given.', 'are refused'],
  },
  'plan.failing': {
    details: { does: 'revoke', planId: 'p' },
    subject: /is not revoked yet: a plan does not go on$/,
    body: ['is to be revoked, and not all of it is done', 'tried again every half minute'],
  },
  'plan.done': {
    details: { does: 'renew', planId: 'p' },
    subject: /^1 token of “Parcel Pilot” for “Harbor Books” was renewed$/,
    body: ['was renewed together.', 'can be collected for 14 days, until 16 March 2027 at 05:30 GMT+9'],
  },
  'plan.over': {
    details: { does: 'pause', endsAs: 'revoked', by: 'plan', planId: 'p' },
    subject: /^1 token of “Parcel Pilot” for “Harbor Books” was revoked at the end of a pause$/,
    body: ['was revoked at the end of a pause.', 'Calls with a revoked token are refused.'],
  },
  'token.not_collected': {
    details: { collectUntil: '2027-03-15T20:30:00.000Z' },
    subject: /waits to be collected$/,
    body: ['waits to be collected until 16 March 2027 at 05:30', 'cannot be seen any more: renew it then'],
  },
  'token.not_adopted': {
    details: { predecessorEndsAt: '2027-03-15T20:30:00.000Z', endsBy: 'plan' },
    subject: /is not in use yet$/,
    body: [
      'has not been used yet.',
      'The old token works until 16 March 2027 at 05:30',
      'and then ends itself, as planned.',
      'Install the new token',
    ],
  },
  'token.expiring': {
    details: { days: '7' },
    subject: /expires within 7 days$/,
    body: [
      'expires on 2 March 2027 at 05:30 GMT+9, within 7 days.',
      'Renew it, and install the new token before then.',
    ],
  },
  'token.expired': {
    subject: /has expired$/,
    body: ['expired on 2 March 2027 at 05:30 GMT+9.', 'An expired token cannot be renewed'],
  },
  'token.refused_after_revocation': {
    details: { address: '203.0.113.7' },
    subject: /^A revoked token of “Parcel Pilot” for “Harbor Books” was used$/,
    body: ['was refused on 2 March 2027 at 05:30', 'it came from 203.0.113.7', 'nothing was read or changed'],
  },
  'webhook.failing': {
    details: { endpointId: 'e', since: '2027-02-28T20:30:00.000Z', problem: 'see https://evil.example' },
    subject: /^A webhook of “Harbor Books” fails$/,
    body: ['since 1 March 2027 at 05:30 GMT+9', 'eight attempts failed', 'The last answer: “see …”'],
  },
  'webhook.recovered': {
    details: { endpointId: 'e' },
    subject: /^A webhook of “Harbor Books” works again$/,
    body: ['was taken by your program again on 2 March 2027 at 05:30 GMT+9.'],
  },
  'credential.made': {
    details: { credentialId: 'c', name: 'Nightly' },
    subject: /^A service credential of “Harbor Books” was made$/,
    body: ['The service credential “Nightly” of “Harbor Books” was made', 'revoke it on the page above'],
  },
  'credential.revoked': {
    details: { credentialId: 'c', name: 'Nightly' },
    subject: /^A service credential of “Harbor Books” was revoked$/,
    body: ['“Nightly” of “Harbor Books” was revoked.', 'refused from that moment on'],
  },
  'credential.expiring': {
    details: { credentialId: 'c', name: 'Nightly', days: '14', until: '2027-03-15T20:30:00.000Z' },
    subject: /^A service credential of “Harbor Books” ends within 14 days$/,
    body: ['ends on 16 March 2027 at 05:30 GMT+9, within 14 days.', 'cannot be prolonged'],
  },
}

/** All its stores together. */
const isOfPartnerAlone = (kind: MailKind) =>
  ['service.started', 'service.waiting', 'service.ended'].includes(kind)

const isOfOneParty = (kind: MailKind) => kind.startsWith('webhook.') || kind.startsWith('credential.')

describe.each(mailKinds)('a mail about %s', (kind) => {
  const { details = null, subject, body } = said[kind]

  test('says what happened, to whom, what follows, in the language and time of its reader', () => {
    const mail = composeMail(reader, [operationOf(kind, { details })], links)
    expect(mail.subject).toMatch(subject)
    for (const part of [
      ...body,
      'Hello Desk of Parcel Pilot,',
      // A webhook is one party's alone.
      ...(isOfOneParty(kind) ? [] : ['“Parcel Pilot” (ypa-1)']),
      ...(isOfPartnerAlone(kind)
        ? []
        : [isOfOneParty(kind) ? '“Harbor Books”' : '“Harbor Books” (harbor-books)']),
    ]) {
      expect(mail.body).toContain(part)
    }
    for (const link of ['https://tokens.example/where', links.stopUrl, links.accountUrl]) {
      expect(mail.body).toContain(link)
    }
  })

  test('is one line of subject, whatever the names are', () => {
    const odd = {
      partnerName: `Parcel\r\nBcc: all@pilot.example ${'x'.repeat(500)}`,
      storeName: 'Harbor\u2028Books',
    }
    const mail = composeMail(reader, [operationOf(kind, { details, ...odd })], links)
    expect(mail.subject).not.toMatch(/[\r\n\u2028\u2029]/)
    expect(mail.subject.length).toBeLessThan(300)
    expect(mail.body).not.toMatch(/^Bcc/m)
  })
})

test('a reader elsewhere reads another day, and another language', () => {
  expect(bodyOf('token.expired', {}, { ...reader, timeZone: 'UTC' })).toContain(
    'expired on 1 March 2027 at 20:30 UTC.',
  )
  expect(bodyOf('token.expired', {}, { ...reader, language: 'de' })).toContain('2. März 2027')
})

test('a mail about one revoked token says where its receipt is, if there is one', () => {
  const receiptLink = 'https://tokens.example/stores/s/receipts/t/revocation'
  expect(bodyOf('token.revoked', { receiptLink })).toContain(`without us: ${receiptLink}\n`)
  expect(bodyOf('token.revoked', {})).not.toContain('receipt')
})

test('who did it is named: a person with the side, a program, or a plan and who made it', () => {
  const by = { byUserName: 'Owner of Harbor Books', bySide: 'merchant' as const }
  const revoked = (operation: Partial<MailedOperation>) => bodyOf('token.revoked', operation)
  expect(revoked(by)).toContain('was revoked by “Owner of Harbor Books” (the merchant).')
  expect(revoked({ details: { by: 'program' } })).toContain('was revoked by a program of the partner’s.')
  expect(revoked({ ...by, details: { by: 'plan' } })).toContain(
    'ended itself, as “Owner of Harbor Books” (the merchant) had planned.',
  )
  expect(revoked({ ...by, details: { by: 'plan', after: 'pause' } })).toContain(
    'was revoked at the end of a pause, as “Owner of Harbor Books” (the merchant) had planned.',
  )
  expect(bodyOf('token.resumed', { ...by, tokenCount: 2, details: { by: 'plan' } })).toContain(
    'work again at the end of a pause, as “Owner of Harbor Books” (the merchant) had planned.',
  )
})

test('a mail after a report of a leak says so, and leads nowhere but to us', () => {
  const details = {
    by: 'report',
    reason: 'exposed',
    foundAt: 'https://code.example/a',
    words: 'See evil.example',
  }
  const of = { byUserName: null, byUserEmail: null, byRole: null, bySide: null, details }
  for (const [kind, what] of [
    ['token.revoked', 'was revoked after a report of a leak.'],
    ['token.paused', 'was paused after a report of a leak.'],
  ] as const) {
    const body = bodyOf(kind, of)
    expect(body).toContain(what)
    expect(body).toContain('wrote: “See evil example”')
    expect(body).not.toMatch(/code\.example|evil\.example/)
  }
  expect(bodyOf('token.paused', of)).toContain('The store has chosen to be asked')
})

test('no mail says that a token works again that the other side has paused as well', () => {
  const resumed = (...accepted: (string | undefined)[]) => {
    const [first, ...others] = accepted.map((said) =>
      operationOf('token.resumed', { details: said === undefined ? {} : { accepted: said } }),
    )
    if (!first) throw new Error('none')
    return composeMail(reader, [first, ...others], links)
  }
  expect(resumed('no')).toMatchObject({
    subject: expect.stringMatching(/was resumed$/),
    body: expect.stringContaining('Calls are still refused: the other side has paused as well.'),
  })
  // Of several tokens that differ nothing is said of each.
  expect(resumed(undefined)).toMatchObject({
    subject: expect.stringMatching(/was resumed$/),
    body: expect.stringContaining('unless the other side has paused as well'),
  })
  expect(resumed('yes', 'no').subject).toBe('2 tokens were resumed')
  expect(resumed('yes', 'yes').subject).toBe('2 tokens work again after a pause')
})

test('of a plan that pauses it says until when, what then, why, and what came of it', () => {
  const until = '2027-03-15T20:30:00.000Z'
  const details = { does: 'pause', until, endsAs: 'resumed', reason: 'exposed', planId: 'p' }
  const mail = (kind: MailKind, more: object = {}) =>
    composeMail(reader, [operationOf(kind, { tokenCount: 3, details: { ...details, ...more } })], links)
  const paused = 'The pause ends on 16 March 2027 at 05:30 GMT+9; then they work again.'
  for (const kind of ['plan.announced', 'plan.done', 'plan.stopped'] as const)
    for (const part of [paused, 'Reason: the token may have leaked.']) expect(mail(kind).body).toContain(part)
  expect(mail('plan.done').subject).toBe('3 tokens of “Parcel Pilot” for “Harbor Books” were paused')
  expect(mail('plan.done').body).toContain('Whoever paused it can resume it before that time')
  expect(mail('plan.cancelled').body).not.toContain('The pause ends')
  expect(mail('plan.over').subject).toMatch(/work again after a pause$/)
  expect(mail('plan.over').body).toContain('Calls with them are accepted again')
  expect(mail('plan.over').body).not.toContain('Reason')
})

test('of an expired token that was renewed the mail says to install the new one', () => {
  const unused = { details: { successor: 'unused' } }
  expect(bodyOf('token.expired', unused)).toContain('Calls with it are refused: install the new token.')
  expect(bodyOf('token.expiring', { details: { days: '1', successor: 'unused' } })).toContain(
    'The token that renewed it is not in use yet.',
  )
})

test('the last reminder says by when, not how many hours are left', () => {
  expect(bodyOf('token.expiring', { details: { days: '1' } })).toContain(
    'expires on 2 March 2027 at 05:30 GMT+9, within a day.',
  )
})

const linked = /https?:\/\/(?!tokens\.example)|@|evil\.example/

test.each(mailKinds)(
  'a mail about %s begins in our words, and no name or note in it can be followed',
  (kind) => {
    const evil = 'Your account is locked. Go to https://evil.example/x, evil.example or help@evil.example'
    const by = { byUserName: evil, bySide: 'merchant' as const }
    const details = { ...said[kind].details, reason: 'other', note: evil }
    const mail = composeMail(
      { ...reader, name: evil },
      [operationOf(kind, { partnerName: evil, storeName: evil, ...by, details })],
      links,
    )
    expect(mail.subject).not.toMatch(/^(“|Your account)/)
    expect(mail.subject).not.toMatch(linked)
    expect(mail.body.split('\n').slice(1).join('\n')).not.toMatch(/^(“|Your account)/m)
    expect(mail.body).not.toMatch(linked)
  },
)

test('advice goes by all that a mail is about', () => {
  const replaced = operationOf('token.expiring', { details: { days: '7', successor: 'unused' } })
  const plain = operationOf('token.expiring', { details: { days: '7' } })
  expect(composeMail(reader, [replaced, plain], links).body).toContain('Renew it, and install')
  expect(composeMail(reader, [replaced, replaced], links).body).not.toContain('Renew it')
})

test('a long list is cut, and says where the rest is', () => {
  const many = Array.from({ length: 40 }, () => operationOf('token.expiring', { details: { days: '7' } }))
  const { body } = composeMail(reader, many as [MailedOperation, ...MailedOperation[]], links)
  expect(body.match(/within 7 days/g)).toHaveLength(25)
  expect(body).toContain(`And 15 more. Your inbox shows them all:\n${links.inboxUrl}`)
})

describe('a mail whose reader was taken away from one store', () => {
  const at = (storeId: string) => `https://tokens.example/stores/${storeId}/real-time-links`
  const operationAt = (storeId: string) =>
    operationOf('token.revoked', { storeId, storeName: `Name of ${storeId}`, link: at(storeId) })
  const mailAbout = (first: string, ...others: string[]) =>
    composeMail(reader, [operationAt(first), ...others.map(operationAt)], links).body

  test('tells what happened to the others, and that something was left out, once', () => {
    const left = withoutNewsOf(mailAbout('one', 'two', 'one-2', 'one'), '/stores/one/')
    expect(left).not.toMatch(/stores\/one\/|Name of one”/)
    for (const kept of ['Name of two', at('two'), at('one-2'), 'refused from that moment on', links.stopUrl])
      expect(left).toContain(kept)
    expect(left?.match(/left out/g)).toHaveLength(1)
    const twice = withoutNewsOf(left ?? '', '/stores/two/')
    expect(twice?.match(/left out/g)).toHaveLength(1)
    expect(twice).not.toContain('Name of two')
    expect(withoutNewsOf(twice ?? '', '/stores/one-2/')).toBeNull()
  })

  test('is nothing where it mailed of that store alone', () => {
    expect(withoutNewsOf(mailAbout('one'), '/stores/one/')).toBeNull()
    expect(withoutNewsOf(mailAbout('one', 'one'), '/stores/one/')).toBeNull()
  })

  test('leads to the inbox where more happened than it lists', () => {
    const many = Array.from({ length: 30 }, (_, n) => (n < 25 ? 'one' : 'two')) as [string, ...string[]]
    expect(withoutNewsOf(mailAbout(...many), '/stores/one/')).toContain('And 5 more.')
  })
})

test('a mail about a revocation without a reason says so, but for one by a program', () => {
  const bodyOf = (more: Parameters<typeof operationOf>[1]) =>
    composeMail(reader, [operationOf('token.revoked', more)], links).body
  expect(bodyOf({ details: null })).toContain('No reason was given.')
  expect(bodyOf({ details: { by: 'program' } })).not.toContain('reason')
})

test('a cut-off of one token says so in words', () => {
  const details = { tokens: '1', at: '2027-03-15T20:30:00.000Z' }
  expect(bodyOf('tokens.cut_off', { details })).toContain('It was one.')
})
