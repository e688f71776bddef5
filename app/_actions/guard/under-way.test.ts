import { expect, test } from 'vitest'
import { inPlaces, mostAtOnce, type Place } from './under-way.ts'

const none = () => 'none' as const
const hanging = () => {
  const { promise, resolve } = Promise.withResolvers<'done'>()
  return { work: () => promise, end: () => resolve('done') }
}

test.each(Object.entries(mostAtOnce) as [keyof typeof mostAtOnce, number][])(
  'of one %s only so many actions are under way, the next one learns of it at once',
  async (of, most) => {
    const places: Place[] = [{ of, id: 'one' }]
    const { work, end } = hanging()
    const first = Array.from({ length: most }, () => inPlaces(places, work, none))
    expect(await inPlaces(places, work, none)).toBe('none')
    expect(await inPlaces([{ of, id: 'another' }], async () => 'done' as const, none)).toBe('done')
    end()
    expect(await Promise.all(first)).toEqual(first.map(() => 'done'))
    expect(await inPlaces(places, async () => 'done' as const, none)).toBe('done')
  },
)

test('an action that throws gives its places back', async () => {
  const places: Place[] = [{ of: 'person', id: 'p' }]
  for (let n = 0; n <= mostAtOnce.person; n++) {
    const failing = inPlaces(places, () => Promise.reject(new Error('a bug')), none)
    await expect(failing).rejects.toThrow('a bug')
  }
})
