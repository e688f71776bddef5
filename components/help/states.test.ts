import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { TokenState } from '#lib/tokens/model/state.ts'
import { stateText } from '../tokens/words.ts'
import { States } from './states.tsx'

const now = new Date('2026-11-29T12:00:00Z')
/** One of each kind: the compiler finds the forgotten one. */
const kinds: { [kind in TokenState['kind']]: TokenState & { kind: kind } } = {
  revoked: { kind: 'revoked' },
  expired: { kind: 'expired' },
  paused: {
    ...{ kind: 'paused', endsAs: 'resumed', by: ['merchant'] },
    endsAt: new Date(now.getTime() + 3 * 3_600_000),
  },
  waiting: { kind: 'waiting' },
  'never-collected': { kind: 'never-collected' },
  ending: { kind: 'ending', expiresAt: new Date(now.getTime() + 20 * 3_600_000), canBeRenewed: true },
  'old-can-go': { kind: 'old-can-go' },
  'old-in-use': { kind: 'old-in-use' },
  'old-quiet': { kind: 'old-quiet', days: 12 },
  'not-used-yet': { kind: 'not-used-yet' },
  'in-use': { kind: 'in-use' },
  quiet: { kind: 'quiet', days: 22 },
}

test.each(['merchant', 'partner'] as const)(
  'the help of the %s explains each state that a list names',
  (side) => {
    const html = renderToStaticMarkup(States({ side, days: { collectWithin: 14, inUseWithin: 7 } }))
    const explained = [...html.matchAll(/<dt[^>]*>([^<]*)</g)].map(([, name]) => name)
    for (const state of Object.values(kinds)) {
      const text = stateText(state, now)
      expect(
        explained.some((name) => name?.startsWith(text)),
        text,
      ).toBe(true)
    }
  },
)
