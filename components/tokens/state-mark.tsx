import type { TokenState } from '#lib/tokens/model/state.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { stateText } from './words.ts'

/** A token's state in words, behind a mark that differs by its shape as well as by its colour. */
export function StateMark({ token }: { token: Pick<Token, 'state' | 'asOf'> }) {
  const { shape, colour } = looks[lookOf(token.state)]
  return (
    <span className={`inline-flex items-baseline gap-1.5 ${colour}`}>
      <svg
        aria-hidden="true"
        width={10}
        height={10}
        viewBox="0 0 10 10"
        className="shrink-0 overflow-visible"
      >
        {shape}
      </svg>
      <span className="wrap-anywhere">{stateText(token.state, token.asOf)}</span>
    </span>
  )
}

type Look = 'in-use' | 'quiet' | 'needs-you' | 'over'

const looks = {
  'in-use': { shape: <circle cx={5} cy={5} r={5} fill="currentColor" />, colour: 'text-accent' },
  quiet: {
    shape: <circle cx={5} cy={5} r={4.25} fill="none" stroke="currentColor" strokeWidth={1.5} />,
    colour: 'text-ink',
  },
  'needs-you': { shape: <path d="M5-1 11 5 5 11-1 5z" fill="currentColor" />, colour: 'text-warn' },
  over: {
    shape: <path d="M1 1 9 9M9 1 1 9" fill="none" stroke="currentColor" strokeWidth={2} />,
    colour: 'text-soft',
  },
}

/** What people tell at a glance: it works, it rests, somebody should do something, it has ended. */
export function lookOf({ kind }: TokenState): Look {
  switch (kind) {
    case 'in-use':
      return 'in-use'
    case 'waiting':
    case 'never-collected':
    case 'ending':
      return 'needs-you'
    case 'old-can-go':
    case 'old-in-use':
    case 'old-quiet':
    case 'not-used-yet':
    case 'quiet':
      return 'quiet'
    case 'revoked':
    case 'expired':
      return 'over'
  }
}
