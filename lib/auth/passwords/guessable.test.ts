import { expect, test } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { guessable } from './guessable.ts'

const about = [
  'Ána Petrova',
  'Łukasz Ørsted',
  'order.desk@parcel-pilot.example',
  'Northwind Traders',
  'ypa-005259400001',
]

test('the commonest passwords of our length are known: far more than the 3,000 that ASVS asks for', async () => {
  const long = [...(await commonPasswords()).keys()].filter((password) => password.length >= 12)
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
  'Spring2026Spring',
  'asdf1234asdf',
  'P@ssw0rd!P@ssw0rd!',
  'pa$$word1234',
  '19901990199019',
  '24122026241220',
  '2026-11-29-2026',
  '\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662',
  'poiuytrewqlk',
  'mnbvcxzasdfg',
  '0123456789ab',
  'aaaabbbbccccdddd',
  'paßword12345',
  'йцукенгшщзхъ',
  'пароль123456',
  // Some of its letters are Cyrillic.
  '\u0440\u0430ssw\u043erd1234',
  '147258369147',
  '098poi765lkj',
  'ypa123456789',
  'ilovemydog12',
  'i love my dog 12',
  'IloveMyDog12!',
  '1l0v3mydog12',
  'iloveyoubaby1',
  'mycatisfluffy',
  'footballfan99',
  'whatismypassword',
  'changeme12345',
])('%s is too common', async (password) => {
  expect(await guessable(password, [])).toBe('too-common')
})

test.each([
  'order.desk@parcel-pilot.example',
  'ORDER.DESK@parcel-pilot.example1',
  'AnaPetrova2026!',
  'Lukasz Orsted',
  'orsted123456',
  'petrova-petrova',
  'northwindtraders1',
  'Northwind-Password',
  'ParcelPilot#1!',
  'ypa-005259400001',
  'Partner Tokens 1',
  'partnertokens!!',
  'N0rthw1nd2026',
  'sredartdniwhtron',
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
  '8f#2r3%9e!d$6',
  '4915112345670918',
  'stuff for the opera trip',
  '1979 was warmer than 1962',
  'Xk3!Xk3!pq9Lm',
  'lamp river noon',
  'zebra-quilt-moon',
  'tokens for the shop',
  '!!##%%&&((a1',
  'kJ8#mQ2$vR9z',
])('%s is taken', async (password) => {
  expect(await guessable(password, about)).toBe(null)
})

test('a name of two letters forbids nothing', async () => {
  expect(await guessable('four short words here', ['Wo', 'or', ''])).toBe(null)
})
