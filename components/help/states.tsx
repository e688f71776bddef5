import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { expiringWithinDays } from '#lib/tokens/limits.ts'

/** How long a token may wait to be collected, and since how long a call may be past while a token is in use. */
export type Days = { collectWithin: number; inUseWithin: number }

type State = [name: string, meaning: string, todo: string]

const statesOf = (side: Side, { collectWithin, inUseWithin }: Days): State[] => {
  const calls = side === 'merchant' ? 'The partner’s programs call' : 'Your programs call'
  const whose = side === 'merchant' ? 'the partner' : 'you'
  return [
    ['In use', `${calls} with this token: the last call was within ${inUseWithin} days.`, 'Nothing to do.'],
    [
      'Quiet for 22 days',
      `The token was used before, but not for more than ${inUseWithin} days. The figure is the days since its last call.`,
      side === 'merchant'
        ? 'Ask the partner whether they still need it. If not, revoke it.'
        : 'Find out whether a program has stopped. If you do not need the token, revoke it.',
    ],
    [
      'Not used yet',
      'No call was ever made with this token.',
      side === 'merchant'
        ? 'Ask the partner whether they have put it into their program.'
        : 'Put it into your program. If you do not need it, revoke it.',
    ],
    [
      'Old, can go now',
      `The token was renewed. The new one is in use, and no call came with the old one since.`,
      'Revoke the old one: nothing that runs needs it.',
    ],
    [
      'Old, still in use',
      'The token was renewed, but calls still come with the old one.',
      side === 'merchant'
        ? 'Do not revoke it yet. Ask the partner to put the new token into every program.'
        : 'Do not revoke it yet. Put the new token into every program that still uses the old one.',
    ],
    [
      'Old, quiet for 12 days, or Old, never used',
      'The token was renewed. No call comes with the old one any more, but none came with the new one either.',
      side === 'merchant'
        ? 'Ask the partner whether their program still runs. If they do not need the tokens, revoke both.'
        : 'Put the new token into your program. If you need neither, revoke both.',
    ],
    [
      'Paused, works again in 3 hours, or Paused, revoked in 3 hours',
      'Somebody stopped the token for a while. Every call with it is refused. The row says who, until when and why, and what becomes of it then.',
      side === 'merchant'
        ? 'What you have paused you can resume, or revoke. What the partner has paused the partner alone can resume.'
        : 'What you have paused you can resume, or revoke. What the merchant has paused the merchant alone can resume.',
    ],
    [
      'Waiting to be collected',
      `The token was made, and nobody has copied it yet. It can be shown once, within ${collectWithin} days, by either side.`,
      side === 'merchant'
        ? 'The partner can copy it under Manage Partner Tokens. You can also show it yourself and pass it on by a safe way.'
        : 'Open the token and press Show token. Copy it into your program at once: it is shown only once.',
    ],
    [
      'Never collected',
      `Nobody copied the token within ${collectWithin} days. It cannot be shown any more, so nobody can use it.`,
      `Renew it: the new one waits for ${whose} again. Then revoke this one.`,
    ],
    [
      'Ends in 20 hours',
      `The token ends by itself within ${expiringWithinDays} days. From that moment on its calls are refused.`,
      side === 'merchant'
        ? 'If the partner goes on working for you, renew it in time.'
        : 'Renew it in time, and put the new one into your program.',
    ],
    [
      'Revoked',
      'Somebody ended the token for good. Every call with it is refused. The record says who, when and why.',
      'Nothing to do. It cannot be made good again.',
    ],
    [
      'Expired',
      'The token came to its end date. Every call with it is refused.',
      side === 'merchant'
        ? 'If the partner still works for you and has no other token, issue a new one under Partners with access.'
        : 'If you have no other token for this store, ask the merchant to issue a new one.',
    ],
  ]
}

/** What each state in the list of tokens means, and what to do about it. */
export function States({ side, days }: { side: Side; days: Days }): ReactNode {
  return (
    <>
      <p>Each token in the list has one state. It says how things are, and often what to do next.</p>
      <dl className="grid gap-3">
        {statesOf(side, days).map(([name, meaning, todo]) => (
          <div key={name} className="grid gap-0.5 border-l-2 border-line pl-3">
            <dt className="font-semibold">{name}</dt>
            <dd>{meaning}</dd>
            <dd className="text-soft">{todo}</dd>
          </div>
        ))}
      </dl>
      <p>
        Two marks stand beside the state. <strong>New</strong> means that no other token has replaced this
        one. It says nothing about the age. <strong>Renewed</strong> means that a newer token replaces this
        one; the old one works until its own end. Only a token marked New can be renewed.
      </p>
    </>
  )
}
