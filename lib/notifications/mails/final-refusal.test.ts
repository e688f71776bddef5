import { expect, test } from 'vitest'
import { isFinalRefusal } from './final-refusal.ts'

const refusal = (command: string, response: string) =>
  Object.assign(new Error(response), {
    ...{ code: 'EENVELOPE', command, response, responseCode: Number(response.slice(0, 3)) },
  })

test.each([
  ['RCPT TO', '550 5.1.1 No such user'],
  ['RCPT TO', '550-5.1.1 The account does not exist'],
  ['RCPT TO', '550 5.1.2 Bad destination system'],
  ['RCPT TO', '553 5.1.3 Bad address syntax'],
  ['RCPT TO', '551 5.1.6 Mailbox has moved'],
  ['RCPT TO', '556 5.1.10 Null MX'],
  ['RCPT TO', '550 5.2.1 Mailbox disabled'],
  ['DATA', '550 5.1.1 User unknown'],
  [
    'RCPT TO',
    '550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking',
  ],
  ['RCPT TO', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'],
  ['RCPT TO', "550 5.1.1 The address isn't valid"],
  ['RCPT TO', '550 5.2.1 This mailbox is inactive'],
  ['RCPT TO', '550 5.1.2 Host unknown'],
  ['RCPT TO', '550 5.1.0 Address unknown'],
  ['RCPT TO', '550 5.1.1 <sender@demo.example>: Recipient address rejected: User unknown'],
])('at %s, "%s" is about this recipient and final', (command, response) => {
  expect(isFinalRefusal(refusal(command, response))).toBe(true)
})

test.each([
  ['DATA', '554 Quota exceeded'],
  ['RCPT TO', '554 5.2.2 Mailbox full'],
  ['RCPT TO', '552 5.2.2 Over quota'],
  ['MAIL FROM', '553 5.1.8 Sender domain does not exist'],
  ['MAIL FROM', '553 Sender not allowed'],
  ['MAIL FROM', '550 5.1.1 No such sender'],
  ['RCPT TO', '553 5.1.7 Sender address rejected'],
  ['RCPT TO', '550 5.7.1 Relaying denied'],
  ['RCPT TO', '550 relay not permitted'],
  ['RCPT TO', '554 5.7.1 Listed in a block list'],
  ['RCPT TO', '550 5.4.1 Recipient address rejected'],
  ['RCPT TO', '550 No such user'],
  ['RCPT TO', '450 4.1.1 Not now'],
  ['DATA', '552 5.3.4 Message too big'],
  ['AUTH PLAIN', '535 5.7.8 Wrong password'],
  ['CONN', '554 5.1.1 No service'],
  ['RCPT TO', '450 5.1.1 Greylisted'],
  ['RCPT TO', '451-5.1.1 Not now\n451 5.1.1 ask again'],
  ['RCPT TO', '550 5.1.0 <tokens@demo.example>: Sender address rejected: User unknown'],
  ['RCPT TO', '550 5.1.1 Sender verify failed'],
  ['RCPT TO', '550-5.2.1 The user is receiving mail at a rate that prevents more'],
  ['RCPT TO', '550 5.2.1 Mailbox over quota'],
  ['RCPT TO', '550 5.1.0 Authentication required'],
  ['RCPT TO', '550 5.1.0 Mail refused: poor reputation of your IP'],
  ['RCPT TO', '550 5.1.2 Relay access denied'],
  ['RCPT TO', '550 5.1.1 Access denied, your host is blocked'],
  ['RCPT TO', '550 5.1.0 spam message rejected'],
  ['RCPT TO', '550 5.1.0 Helo command rejected: Host not found'],
  ['RCPT TO', '550 5.1.1 Greylisted, please come back'],
  ['RCPT TO', '550 5.1.1 Mailbox temporarily unavailable'],
  ['RCPT TO', '550 5.2.1 Mailbox temporarily disabled'],
  ['RCPT TO', '550 5.1.1 unverified address: connect to mx.demo.example[192.0.2.1]:25: Connection timed out'],
  ['RCPT TO', '550 5.1.3 Domain of From address does not exist'],
  ['RCPT TO', '550 5.1.1 Rejected'],
  ['RCPT TO', '550 5.1.1 Unknown error'],
  ['RCPT TO', '550 5.1.1 Invalid credentials'],
  ['RCPT TO', '550 5.1.1 User unknown: LDAP lookup failed'],
  ['RCPT TO', '550 5.1.1 unknown: database unavailable'],
  ['RCPT TO', '550 5.1.1 The mailbox is not known: backend down'],
  ['RCPT TO', '550 5.1.2 DNS server not found'],
  ['RCPT TO', '550'],
  ['RCPT TO', ''],
])('at %s, "%s" may be mended: it is tried again', (command, response) => {
  expect(isFinalRefusal(refusal(command, response))).toBe(false)
})

test('a connection that broke is no refusal; an address that is none is', () => {
  expect(isFinalRefusal(Object.assign(new Error('x'), { code: 'ECONNECTION', command: 'CONN' }))).toBe(false)
  expect(isFinalRefusal('x')).toBe(false)
  expect(isFinalRefusal(Object.assign(new Error('x'), { code: 'EENVELOPE', command: 'API' }))).toBe(true)
})
