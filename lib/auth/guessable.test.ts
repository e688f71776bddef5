import { expect, test } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { guessable } from './guessable.ts'

const about = ['Ána Petrova', 'order.desk@parcel-pilot.example', 'Northwind Traders', 'ypa-005259400001']

test('the commonest passwords of our length are known: far more than the 3,000 that ASVS asks for', async () => {
  const long = [...(await commonPasswords())].filter((password) => password.length >= 12)
  expect(long.length).toBeGreaterThan(40_000)
})

test.each([
  'password1234',
  '123456789012',
  'PASSWORD1234',
  'ｐａｓｓｗｏｒｄ1234',
  'passwordpassword',
  'qwertyuiop123',
  '1q2w3e4r5t6y',
  '345678901234',
  '210987654321',
  'Sunshine!2026',
  'sunshine sunshine',
  '!!!iloveyou!!!',
  'letmein-letmein-letmein',
])('%s is too common', async (password) => {
  expect(await guessable(password, [])).toBe('too-common')
})

test.each([
  'order.desk@parcel-pilot.example',
  'ORDER.DESK@parcel-pilot.example1',
  'AnaPetrova2026!',
  'petrova-petrova',
  'northwindtraders1',
  'Northwind-Password',
  'ParcelPilot#1!',
  'ypa-005259400001',
  'Partner Tokens 1',
  'partnertokens!!',
])('%s is made of what is known about its owner', async (password) => {
  expect(await guessable(password, about)).toBe('about-you')
})

test.each([
  'four short words here',
  'correct horse battery staple',
  'my parcel travels by night train',
  'wq8$Lm2!vRtz',
  'only-for-tests-password',
  'parola è lunga così',
])('%s is taken', async (password) => {
  expect(await guessable(password, about)).toBe(null)
})

test('a name of two letters forbids nothing', async () => {
  expect(await guessable('four short words here', ['Wo', 'or', ''])).toBe(null)
})
