import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { unclearWords } from '#e2e/fixtures/clear-words.ts'

/** Words that left the project, as docs/glossary.md says, with a word for each that the pattern must find and one that it must not. */
const gone: [pattern: RegExp, found: string, passed: string][] = [
  [/(?<!in)deed/i, 'deedId', 'indeed'],
  [/\btold\b|Told|told[A-Z_]|untold/, 'isTold', 'stole'],
  [/\btell[A-Z]|[a-z]Tell[A-Z]/, 'tellOfPassword', 'intelligible'],
  [/doer/i, 'doerOf', 'does'],
  // `npm run bench:door`, what it writes and what is drawn of it keep their name: releases are compared by it.
  [/(?<!in|out|bench:)door(?!-(?:\*|\d|<day>|dark|light|\$\{)|['`]|-['`])/i, 'openDoor', 'bench:door'],
  [/attendance/i, 'attendances', 'attention'],
  [/(?<!heart)\bbeat(?:s|ing|At|Every\w+|_at)?\b|[a-z]Beat/, 'lastBeatAt', 'heartbeatAt'],
  [/\bbeaten\b/i, 'beaten as (', 'heartbeat'],
  [/(?<!single )\bsign(?:s|ed|ing)? (?:on|off)\b/i, 'signed on', 'single sign-on'],
  [/createTurns|\binTurn\b/, 'inTurn', 'in turn'],
  [/succession|InLine\b|lineOf[A-Z]/, 'olderInLine', 'inline'],
  [/happening/i, 'Happening', 'happened'],
  [/setback/i, 'createSetbacks', 'set back'],
  [/(?<![a-z])lapse|Lapse/, 'lapses', 'collapse'],
  [/demoSheet|\bSheetFacts\b/, 'demoSheet', 'style sheet'],
  [/\b(?:he|him|his|himself)\b/i, 'What he did', 'the'],
]

/** The glossary names them; this file does; and what old processes and databases know stays what it is. */
const excepted = [
  'docs/glossary.md',
  'docs/words.test.ts',
  'CHANGELOG.md',
  'docs/upgrading.md',
  'db/columns-of-the-version-before.integration.test.ts',
]

const files = globSync([
  '*.{ts,mjs,js,json,md,yaml}',
  'Dockerfile',
  '{.ci,app,bench,components,db,docs,e2e,findings,gateway,lib,tools,worker}/**/*.{ts,tsx,mts,mjs,js,json,md,sh,css,conf,yaml,yml,sql}',
]).filter(
  (file) =>
    !/node_modules|test-results\/|^package-lock\.json$|\/package-lock\.json$|^db\/migrations\/|^next-env/.test(
      file,
    ) && !excepted.includes(file),
)

test.each(gone)('%s finds %s, and not %s', (pattern, found, passed) => {
  expect([pattern.test(found), pattern.test(passed)]).toEqual([true, false])
})

test('no file, by its name or in its text, has a word that the glossary replaced and that means nothing else here', () => {
  expect(files.length).toBeGreaterThan(900)
  const left = files.flatMap((file) =>
    [file, ...readFileSync(file, 'utf8').split('\n')].flatMap((line, n) =>
      gone.some(([pattern]) => pattern.test(line))
        ? [`${file}${n === 0 ? '' : `:${n}`}: ${line.trim().slice(0, 120)}`]
        : [],
    ),
  )
  expect(left).toEqual([])
})

/** What a file of pages may show: its strings of several words, or that begin as a sentence does, and what stands between tags. */
function shownTexts(file: string, source: string): string[] {
  const code = source
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(?<=^|\s)\/\/.*$/gm, '')
    .replaceAll(/^import .*$/gm, '')
  const strings = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"([^"\n]*)"|`([^`]*)`/g)]
    .map(([, single, double, template]) => single ?? double ?? template?.replaceAll(/\$\{[^}]*\}/g, '') ?? '')
    .filter((text) => /[a-z] [a-z]|^[A-Z][a-z]/.test(text))
  if (!file.endsWith('x')) return strings
  const between = [...code.matchAll(/[>}]([^<>{}=;()]*[a-z][^<>{}=;()]*)(?=[<{])/g)]
  return [...strings, ...between.map(([, text = '']) => text)]
}

test('what pages show is found in their sources, and names and comments are not', () => {
  const source = `/** The plan. */ <p className={\`a \${plan.by}\`}>It is adopted<b title='The gateway'>{plan}</b></p>`
  expect(shownTexts('a.tsx', source).filter((text) => unclearWords.test(text))).toEqual([
    'The gateway',
    'It is adopted',
  ])
})

test('no page has words of ours that nobody outside knows', () => {
  const pages = files.filter(
    (file) => /^components\/.*\.tsx?$|^app\/.*\.tsx$/.test(file) && !/\.test\.tsx?$/.test(file),
  )
  expect(pages.length).toBeGreaterThan(200)
  const left = pages.flatMap((file) =>
    shownTexts(file, readFileSync(file, 'utf8'))
      .filter((text) => unclearWords.test(text))
      .map((text) => `${file}: ${text.trim()}`),
  )
  expect(left).toEqual([])
})
