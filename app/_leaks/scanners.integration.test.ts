import { generateKeyPairSync, sign } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { actOnReports } from '#lib/leaks/act-on-reports.ts'
import type { IsSigned } from '#lib/leaks/github-keys.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { hexHashOf } from '#lib/tokens/model/secret.ts'
import { buildPartner, buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { answerGithub } from './answer-github.ts'
import { answerRevokeTokens, answerTokenTypes } from './answer-gitlab.ts'

const { db, owner } = prepareTestDatabase()
const address = '192.0.2.7'
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  await owner.$client.query('delete from leak_reports')
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
})

async function issue(more = {}) {
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { ...pair, secret, ...more })
  return { id, text }
}
const expired = { createdAt: new Date('2025-01-01'), expiresAt: new Date('2026-01-01') }

const waiting = async () =>
  (
    await owner.$client.query(
      'select source, address, found_at, cardinality(hashes) as hashes from leak_reports order by found_at',
    )
  ).rows
async function recordOf({ id }: { id: string }) {
  const { rows } = await owner.$client.query(
    `select action, details from audit_events where token_id = $1 and details->>'by' = 'report'`,
    [id],
  )
  return rows
}

describe('GitHub', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  /** lib/leaks/github-keys.test.ts has the real one. */
  const isSigned: IsSigned = async (body, keyId, signature) => {
    const { verify } = await import('node:crypto')
    return keyId === 'ours' && verify('sha256', body, publicKey, Buffer.from(signature, 'base64'))
  }
  const tools = { isSigned, db, address }

  function message(matches: unknown, { keyId = 'ours', turned = false, raw = '' } = {}) {
    const body = raw || JSON.stringify(matches)
    const signature = sign('sha256', Buffer.from(body), privateKey)
    if (turned) signature.writeUInt8(signature.readUInt8(20) ^ 1, 20)
    return new Request('https://tokens.example/leaks/github', {
      ...{ method: 'POST', body },
      headers: {
        'content-type': 'application/json',
        'github-public-key-identifier': keyId,
        'github-public-key-signature': signature.toString('base64'),
      },
    })
  }
  const match = (token: string, url = 'https://github.com/a/b/blob/main/.env') => ({
    ...{ token, type: 'partner_access_token', url, source: 'content' },
  })

  test('learns which of its matches are tokens, and they are stopped with where they were found', async () => {
    const [live, old, nobodys] = [await issue(), await issue(expired), mintToken()]
    const texts = [live.text, old.text, nobodys.text, 'some_token']
    const sent = [...texts.map((text) => match(text)), match(live.text, 'https://gist.github.com/a')]
    const answer = await answerGithub(message(sent), tools)
    expect(answer.status).toBe(200)
    const labels = ['true_positive', 'true_positive', 'false_positive', 'false_positive', 'true_positive']
    expect(await answer.json()).toEqual(
      sent.map(({ token, type }, n) => ({
        token_hash: hexHashOf(token),
        token_type: type,
        label: labels[n],
      })),
    )
    expect(await waiting()).toEqual([
      { source: 'github', address, found_at: 'https://gist.github.com/a', hashes: 1 },
      { source: 'github', address, found_at: 'https://github.com/a/b/blob/main/.env', hashes: 3 },
    ])
    await actOnReports({ db })
    const [record] = await recordOf(live)
    expect(record).toMatchObject({ action: 'token.revoked', details: { source: 'github' } })
    expect(await recordOf(old)).toMatchObject([{ action: 'token.reported' }])
  })

  test.each([
    ['a signature with one bit turned', { turned: true }],
    ['a key that nobody published', { keyId: 'other' }],
  ])('%s is refused alike for every token, and nothing is kept', async (_, how) => {
    const answers = []
    for (const { text } of [await issue(), mintToken()]) {
      const answer = await answerGithub(message([match(text)], how), tools)
      answers.push([answer.status, await answer.text()])
    }
    expect(answers).toEqual([answers[0], answers[0]])
    expect(answers[0]?.[0]).toBe(401)
    expect(await waiting()).toEqual([])
  })

  test('what it signs and is no message of matches is refused', async () => {
    for (const raw of ['{}', '[]', '[{"token":7,"type":"x"}]', 'no json'])
      expect((await answerGithub(message(null, { raw }), tools)).status, raw).toBe(400)
  })

  test('is not there where nobody has configured it, and says so where its keys cannot be had', async () => {
    const { text } = await issue()
    expect((await answerGithub(message([match(text)]), { ...tools, isSigned: null })).status).toBe(404)
    const failing = async () => {
      throw new Error('no keys')
    }
    expect((await answerGithub(message([match(text)]), { ...tools, isSigned: failing })).status).toBe(503)
    expect(await waiting()).toEqual([])
  })
})

describe('GitLab', () => {
  const secret = 'a secret of thirty-two characters or more'
  const tools = { secret, db, address }
  const request = (body: unknown, authorization: string | null = secret) =>
    new Request('https://gitlab.example/v1/revoke_tokens', {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    })
  const asked = (authorization = secret) =>
    new Request('https://gitlab.example/v1/revocable_token_types', { headers: { authorization } })

  test('asks for the types, and what it sends of them is stopped', async () => {
    const { types } = await answerTokenTypes(asked(), tools).json()
    const [type] = types
    const token = await issue()
    const location = 'https://gitlab.example/a/b/-/blob/main/.env'
    const answer = await answerRevokeTokens(request([{ type, token: token.text, location }]), tools)
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    await actOnReports({ db })
    expect(await recordOf(token)).toMatchObject([
      { action: 'token.revoked', details: { source: 'gitlab', foundAt: location } },
    ])
    expect((await answerRevokeTokens(request([], `Bearer ${secret}`), tools)).status).toBe(204)
  })

  test('is answered alike for every token, and with a wrong secret not at all', async () => {
    const answers = new Set<string>()
    for (const { text } of [await issue(), mintToken(), { text: 'x' }]) {
      const answer = await answerRevokeTokens(request([{ type: 'x', token: text }]), tools)
      answers.add(JSON.stringify([answer.status, await answer.text(), [...answer.headers]]))
    }
    expect(answers.size).toBe(1)
    await owner.$client.query('delete from leak_reports')
    const body = [{ type: 'x', token: (await issue()).text }]
    for (const wrong of [null, '', 'Bearer ', `${secret}x`, secret.slice(1)])
      expect((await answerRevokeTokens(request(body, wrong), tools)).status).toBe(401)
    expect(answerTokenTypes(asked('wrong'), tools).status).toBe(401)
    expect(await waiting()).toEqual([])
  })

  test('is refused what is no list of tokens, and is not there where nobody has configured it', async () => {
    for (const body of [{}, [{ token: 7, type: 'x' }], 'x'])
      expect((await answerRevokeTokens(request(body), tools)).status).toBe(400)
    const off = { ...tools, secret: undefined }
    expect((await answerRevokeTokens(request([]), off)).status).toBe(404)
    expect(answerTokenTypes(asked(), off).status).toBe(404)
  })
})
