import { expect, test } from 'vitest'
import { hasReadableFields } from './fields.ts'

const post = (type: string, body: string) =>
  new Request('https://tokens.example.com/api/auth/callback/credentials', {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })

test('JSON is readable where it says what a form could say, and can still be read', async () => {
  const request = post('application/json; charset=utf-8', '{"email":"a@example.com","password":""}')
  expect(await hasReadableFields(request)).toBe(true)
  expect(await request.json()).toEqual({ email: 'a@example.com', password: '' })
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '{"email":["a@example.com"]}',
  '{"callbackUrl":{}}',
  '{"csrfToken":null}',
  '{"password":1}',
])('JSON that no form could say is not readable: %s', async (body) => {
  expect(await hasReadableFields(post('application/json', body))).toBe(false)
})

test('a form is always readable: its fields are text', async () => {
  const form = post('application/x-www-form-urlencoded', 'email=a&email=b&password[]=c')
  expect(await hasReadableFields(form)).toBe(true)
  expect(await hasReadableFields(post('text/plain', '{'))).toBe(true)
})
