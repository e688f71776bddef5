import { expect, test } from 'vitest'
import { addAnswer, addEnded, addUnknown, keptHorizons, listHorizons, noHorizons } from './horizon.ts'

const at = (second: number) => new Date(second * 1000)
const process = { heartbeatAt: at(0), maxAges: null, endedAt: null, reliedUntil: null }
const shown = (list: ReturnType<typeof listHorizons>['any']) =>
  list.map(({ client, until }) => `${client} ${until.getTime() / 1000}`)

test('of what several gateways answered a service the last counts, for each token by itself', () => {
  const horizons = noHorizons()
  addAnswer(horizons, { any: { shop: 50, mail: 40 }, tokens: { a: { shop: 20 }, b: { mail: 40 } } })
  addAnswer(horizons, { any: { shop: 45 }, tokens: { a: { shop: 25, mail: 12 } } })
  const { of, others, together, any } = listHorizons(horizons, at(10))
  expect(shown(of.get('a') ?? [])).toEqual(['shop 25', 'mail 12'])
  expect(shown(of.get('b') ?? [])).toEqual(['mail 40'])
  expect(others).toEqual([])
  expect(shown(together)).toEqual(['mail 40', 'shop 25'])
  expect(shown(any)).toEqual(['shop 50', 'mail 40'])
})

test('what is over is not named', () => {
  const horizons = noHorizons()
  addAnswer(horizons, { any: { shop: 10 }, tokens: { a: { shop: 10 } } })
  expect(listHorizons(horizons, at(10))).toMatchObject({ together: [], any: [] })
})

test('a gateway that names no tokens may have answered about each', () => {
  const horizons = noHorizons()
  addAnswer(horizons, { any: { shop: 50 } })
  addAnswer(horizons, { any: { shop: 30 }, tokens: { a: { shop: 30 } } })
  const { of, others } = listHorizons(horizons, at(10))
  expect([shown(others), shown(of.get('a') ?? [])]).toEqual([['shop 50'], ['shop 50']])
})

test('a gateway that is silent or died may have answered each of its services about any token until then', () => {
  const horizons = noHorizons()
  addUnknown(horizons, { ...process, maxAges: { shop: 30, mail: 5 } }, at(12))
  addUnknown(horizons, process, at(12))
  addAnswer(horizons, { any: { mail: 20 }, tokens: { a: { mail: 20 } } })
  const { of, others, any } = listHorizons(horizons, at(12))
  expect([shown(others), shown(any)]).toEqual([
    ['shop 42', 'mail 17'],
    ['shop 42', 'mail 20'],
  ])
  expect(shown(of.get('a') ?? [])).toEqual(['shop 42', 'mail 20'])
})

test('a gateway that ended in order left behind until when its answers hold', () => {
  const horizons = noHorizons()
  addEnded(horizons, { ...process, endedAt: at(5), reliedUntil: { shop: 33 } })
  expect(shown(listHorizons(horizons, at(10)).others)).toEqual(['shop 33'])
  expect(shown(listHorizons(horizons, at(33)).others)).toEqual([])
})

test('they are kept by the service', () => {
  expect(keptHorizons([{ client: 'shop', until: at(3) }])).toEqual({ shop: '1970-01-01T00:00:03.000Z' })
})
