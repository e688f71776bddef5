import { expect, test } from 'vitest'
import type { ResultRow, ResultsFile } from '../results.ts'
import { drawShares } from './picture.ts'

const row = (name: string, share: number | null): ResultRow => ({
  ...{ bench: 'gateway', name: `${name}, 32 connections`, rounds: 10, load: 2 },
  ...{ ': bare': share, ': bare, lowest': share && share / 2, ': bare, highest': share && share * 1.5 },
})

const file: ResultsFile = {
  machine: { cpu: 'A & B', cores: 2, memoryGb: 24, node: '24.21.0', postgres: '18.4', load: 2.24 },
  rounds: 10,
  rows: [
    row('introspection, 10 tokens', 0.4),
    row('fastify, 10 tokens', 0.1),
    row('better-auth, 10 tokens', null),
  ],
  limits: {
    'gateway: introspection, 10 tokens, 32 connections : bare node:http, at least': {
      ...{ measured: 0.4, limit: 0.62, held: false },
    },
  },
}
const barsOf = (svg: string) =>
  [...svg.matchAll(/<rect x="170" .*? width="([\d.]+)"/g)].map(([, width]) => Number(width))

test('each server has a bar as long as its share, and its figure; who was not measured has a word', () => {
  const svg = drawShares(file, '2026-11-30', 'light')
  expect(barsOf(svg)).toEqual([240, 60])
  for (const words of ['>0.40<', '>0.10<', '>not measured<', '>10 tokens<', '>introspection<'])
    expect(svg).toContain(words)
  expect(svg).not.toContain('1,000,000 tokens')
})

test('it says when, where and at which load, whatever the machine is called', () => {
  expect(drawShares(file, '2026-11-30', 'light')).toContain(
    '2026-11-30, 10 rounds, 2 cores of A &amp; B, load 2.24',
  )
})

test('a share beyond the scale ends with it', () => {
  const [longest] = barsOf(
    drawShares({ ...file, rows: [row('introspection, 10 tokens', 3)] }, '2026-11-30', 'light'),
  )
  expect(longest).toBe(480)
})

test('the limit is marked where there is one', () => {
  const marks = (limits: ResultsFile['limits']) =>
    drawShares({ ...file, limits }, '2026-11-30', 'light').match(/stroke-width="2"/g)?.length ?? 0
  expect([marks(file.limits), marks({})]).toEqual([1, 0])
})

test('light and dark differ by their colours alone', () => {
  const [light, dark] = (['light', 'dark'] as const).map((theme) => drawShares(file, '2026-11-30', theme))
  const shape = (svg = '') => svg.replaceAll(/#[0-9a-f]{6}/g, '')
  expect(light).not.toBe(dark)
  expect(shape(light)).toBe(shape(dark))
})
