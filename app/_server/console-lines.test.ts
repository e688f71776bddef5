import { expect, test } from 'vitest'
import { createLog } from '#lib/process/log.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'
import { consoleToLog } from './console-lines.ts'

function open() {
  const written: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void written.push(line) } })
  const of = { ...console }
  consoleToLog(of, log)
  return { of, lines: () => written.map((line) => JSON.parse(line)), written }
}

test('what the framework writes is a line of JSON each, of the level it has there', () => {
  const { of, lines } = open()
  of.log(' ✓ Ready in 3s')
  of.warn(new Error('Failed to find it'))
  of.error('⨯', new TypeError('x is not a function'), { digest: '1' })
  of.error()
  expect(lines().map(({ level, msg }) => [level, msg])).toEqual([
    [30, '✓ Ready in 3s'],
    [40, 'an error of the framework'],
    [50, '⨯'],
    [50, 'a word of the framework'],
  ])
  expect(lines()[2].error).toMatchObject({ type: 'TypeError', message: 'x is not a function' })
})

test('a caller writes no line of their own, no long one, and nothing that is kept', () => {
  const { of, lines, written } = open()
  const token = createTokenText()
  const callers = `a\nb\u001b[31m\u2028{"level":60} ${token} ${'x '.repeat(5_000)}`
  of.error(callers)
  of.error(new Error(callers))
  of.error(`\`origin\` header with value \`evil, ${token}\` does not match`)
  of.warn(new Error(`Failed to find Server Action "${'secret'.repeat(10)}"`))
  for (const line of written) {
    expect(line.split('\n')).toHaveLength(2)
    expect(line.length).toBeLessThan(2_500)
    expect(line).not.toContain(token)
    expect(line).not.toContain('secretsecret')
    expect(line).not.toContain('evil')
  }
  expect(lines()).toHaveLength(4)
})
