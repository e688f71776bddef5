import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { credentialPrefix } from '#lib/text/credential-form.ts'
import { checksumOf, tokenPrefix } from '#lib/text/token-form.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const all = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, found = '']) => found)

/** As each file spells them, that of tokens first. What RE2 knows of them JavaScript reads alike. */
const rules: Record<string, string[]> = {
  'gitleaks.toml': all(read('gitleaks.toml'), /^regex = '''(.+)'''$/gm),
  'trufflehog.yaml': all(read('trufflehog.yaml'), /^ {6}\w+: ['"](.+)['"]$/gm),
  'secretlintrc.json': JSON.parse(read('secretlintrc.json')).rules.flatMap(
    ({ options }: { options: { patterns: { patterns: string[] }[] } }) =>
      options.patterns.flatMap(({ patterns }) => patterns.map((pattern) => pattern.slice(1, -1))),
  ),
}

function createCredentialText() {
  const body = credentialPrefix + randomBytes(32).toString('base64url')
  return body + checksumOf(body)
}
const kinds: [what: string, rule: number, create: () => string][] = [
  ['partner access token', 0, () => createTokenText()],
  ['service credential', 1, createCredentialText],
]

const surroundings = [
  '',
  'TOKEN=',
  '"',
  "'",
  '<PartnerStoreContractToken>',
  'Bearer ',
  'https://a.example/?t=',
  '\n',
]

test.each(['gitleaks.toml', 'trufflehog.yaml'])('%s looks at texts with one of the prefixes', (file) => {
  for (const keyword of [tokenPrefix, credentialPrefix])
    expect(read(file)).toMatch(new RegExp(`keywords(?: = \\[|:\\n +- )["']?${keyword.replace('.', '\\.')}`))
})

describe.each(Object.keys(rules))('%s', (file) => {
  test('has a rule of tokens and one of service credentials', () => {
    expect(rules[file]).toHaveLength(2)
  })

  test.each(kinds)('finds each %s, whatever stands around it, and no other', (_, rule, create) => {
    const expression = new RegExp(rules[file]?.[rule] ?? '', 'm')
    for (let n = 0; n < 500; n++) {
      const text = create()
      for (const before of surroundings) {
        const match = expression.exec(`${before}${text}${before === 'Bearer ' ? '' : before.slice(-1)}`)
        expect(match?.[1] ?? match?.[0]).toBe(text)
      }
    }
    const text = create()
    for (const none of [
      text.slice(0, -1),
      `${text}A`,
      `A${text}`,
      text.toLowerCase().replace(/.$/, 'b'),
      text.replace(/.$/, 'B'),
      text.replace('_', '.'),
      `1.0_${'a'.repeat(20)}`,
      '1.0_alpha-2026-11-20_the-name-of-a-release-that-is-as-long-as-a-token',
      `sha256-${randomBytes(32).toString('base64')}`,
      crypto.randomUUID(),
    ])
      expect(expression.test(none), none).toBe(false)
  })
})

test('the expressions are those of the three files alike', () => {
  const plain = (expression: string) => /(?:1\\\.0_|ptsc_)[^()]+/.exec(expression)?.[0]
  const spelled = Object.values(rules).map((expressions) => expressions.map(plain))
  expect(new Set(spelled.map((each) => JSON.stringify(each))).size).toBe(1)
})

test('of texts with the form, one of 64 has what 32 bytes and a checksum leave there', () => {
  const expression = new RegExp(rules['secretlintrc.json']?.[0] ?? '')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  let found = 0
  for (const secretEnd of alphabet)
    for (const checksumEnd of alphabet)
      if (expression.test(`1.0_${'a'.repeat(42)}${secretEnd}aaaaa${checksumEnd}`)) found++
  expect(found).toBe((64 * 64) / 64)
})
