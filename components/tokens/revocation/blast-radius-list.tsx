import { Fragment, type ReactNode } from 'react'
import { hourMs } from '#lib/time/units.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { BlastRadius } from '#lib/tokens/review/blast-radius.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { counted, formatted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { UsagePicture } from '../details/usage-picture.tsx'
import { Address, StatusTag, TokenTail } from '../list/token-cells.tsx'
import { usedApiNames } from '../words.ts'

export type LiveToken = Token & { blastRadius: BlastRadius; days?: UsageDay[] }

/** Calls are counted back for so long. */
const recentHours = 24
const recently = `in the last ${recentHours} hours`

/** What breaks when all of them are gone, first of all that a dialog says. */
export function WhatBreaks({ live }: { live: LiveToken[] }) {
  const calls = sum(live.map(({ blastRadius }) => blastRadius.calls))
  const called = live.filter(({ blastRadius }) => blastRadius.calls > 0)
  const cutOff = live.filter((token) => cutsOff(token, live)).length
  const onlySuccessor = live.length === 1 && live[0]?.blastRadius.successor
  return (
    <div id="revoke-blast-radius" className="grid gap-1">
      <p className="font-semibold">
        {calls > 0
          ? `${counted(calls, 'call')} ${recently} would fail.`
          : live.some(usedUncounted)
            ? `${live.length === 1 ? 'It was' : 'Some were'} used ${recently}. How often was not counted.`
            : `Nobody called with ${live.length === 1 ? 'it' : 'them'} ${recently}.`}
      </p>
      {live.length > 1 && calls > 0 && (
        <p className="text-sm text-soft">
          They came with {formatted(called.length)} of the {formatted(live.length)} tokens:{' '}
          {byApi(apisOf(called))}.
        </p>
      )}
      {cutOff > 0 && (
        <p className="text-sm text-warn">
          {onlySuccessor ? (
            <>
              Its renewed token <TokenTail token={onlySuccessor} /> was
            </>
          ) : (
            counted(cutOff, 'renewed token was', 'renewed tokens were')
          )}{' '}
          never used: whoever calls is cut off.
        </p>
      )}
      <Introspected live={live} />
    </div>
  )
}

/** Services that may keep an answer for a while: of each token the last that asked is known, and that some did. */
function Introspected({ live }: { live: LiveToken[] }) {
  const asked = live.filter(
    (token) => introspectedBy(token) || token.blastRadius.apis.some(({ api }) => api === 'introspection'),
  )
  if (asked.length === 0) return null
  const names = [...new Set(asked.flatMap((token) => introspectedBy(token) ?? []))]
  const known = asked.every(introspectedBy)
  return (
    <p className="text-sm text-warn wrap-anywhere">
      {names.map((name, n) => (
        <Fragment key={name}>
          {n > 0 && ', '}
          <bdi className="font-semibold">{name}</bdi>
        </Fragment>
      ))}
      {names.length === 0 ? 'Services' : known ? '' : ' and others'} introspected{' '}
      {live.length === 1 ? 'it' : asked.length === live.length ? 'them' : 'some of them'} {recently}, and may
      accept {live.length === 1 ? 'it' : 'them'} until their answers are too old. The result says until when.
    </p>
  )
}

/** The client of the last call, where that was an introspection of the last hours; no caller of a store can write it. */
function introspectedBy({ lastApi, lastClient, lastUsedAt, asOf }: LiveToken): string | null {
  if (lastApi !== 'introspection' || !lastUsedAt) return null
  if (asOf.getTime() - lastUsedAt.getTime() >= recentHours * hourMs) return null
  return /^introspection by (.+)$/.exec(lastClient ?? '')?.[1] ?? null
}

/** Those with the most calls first. */
export function byDanger<T extends LiveToken>(live: readonly T[]): T[] {
  const used = ({ lastUsedAt }: T) => lastUsedAt?.getTime() ?? 0
  return [...live].sort((a, b) => b.blastRadius.calls - a.blastRadius.calls || used(b) - used(a))
}

/** One line about a token that ends: how much it is used, and how else its callers could go on. */
export function EndingToken({ token, live }: { token: LiveToken; live: LiveToken[] }) {
  const { blastRadius, lastUsedAt, asOf } = token
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5 py-1.5">
      <TokenTail token={token} />
      <StatusTag token={token} />
      <span className="min-w-0 text-[13px] text-soft wrap-anywhere">
        {blastRadius.calls > 0 ? (
          <>
            <strong className="font-semibold text-ink">{counted(blastRadius.calls, 'call')}</strong> in{' '}
            {recentHours} hours
            {live.length === 1 && <> ({byApi(blastRadius.apis)})</>}
            {blastRadius.addresses !== 0 && <>, from {addressCount(blastRadius)}</>}
          </>
        ) : (
          `${usedUncounted(token) ? 'calls not counted' : 'no calls'} in ${recentHours} hours`
        )}
        {', '}
        {lastUsedAt ? (
          <>
            last used <Time at={lastUsedAt} ago={asOf} />
          </>
        ) : (
          'never used'
        )}
      </span>
      {token.days && <UsagePicture days={token.days} className="ml-auto max-sm:hidden" />}
      <Successor token={token} live={live} />
      <StillCalling token={token} live={live} />
    </li>
  )
}

function Successor({ token, live }: { token: LiveToken; live: LiveToken[] }) {
  const { successor } = token.blastRadius
  if (!successor) return null
  const line = (look: string, text: ReactNode) => (
    <span className={`basis-full text-[13px] ${look}`}>
      Its renewed token <TokenTail token={successor} /> {text}
    </span>
  )
  if (live.some(({ id }) => id === successor.id)) return line('text-soft', 'ends with it.')
  if (successor.lastUsedAt)
    return line(
      'text-ok',
      <>
        is in use already, last <Time at={successor.lastUsedAt} ago={token.asOf} />.
      </>,
    )
  const isCutOff = cutsOff(token, live)
  // Of a single token it is said above.
  if (isCutOff && live.length === 1) return null
  return line('text-warn', `was never used${isCutOff ? ': whoever calls is cut off' : ''}.`)
}

/** Who has not gone over to the renewed token, the latest first: one of each token, and more of a single one. */
function StillCalling({ token, live }: { token: LiveToken; live: LiveToken[] }) {
  const { successor } = token.blastRadius
  if (!successor || live.some(({ id }) => id === successor.id)) return null
  return successor.stillCalling.slice(0, live.length === 1 ? undefined : 1).map((call) => (
    <span key={call.address} className="basis-full text-[13px] text-warn">
      <Address address={call.address} />
      {token.lastClient && token.lastAddress === call.address && (
        <>
          {' '}
          (<bdi>{token.lastClient}</bdi>)
        </>
      )}{' '}
      called with it <Time at={call.lastUsedAt} ago={token.asOf} />,{' '}
      {call.usesSuccessor ? 'and calls with' : 'and has not called with'} <TokenTail token={successor} />{' '}
      {call.usesSuccessor ? 'as well' : 'yet'}.
    </span>
  ))
}

/** Its use is known and its calls are not: they were made before counting began, or their count was lost. */
function usedUncounted({ blastRadius, lastUsedAt, asOf }: LiveToken): boolean {
  return (
    blastRadius.calls === 0 &&
    lastUsedAt !== null &&
    asOf.getTime() - lastUsedAt.getTime() < recentHours * hourMs
  )
}

/** It is called with, and the token that should take over is not. */
function cutsOff({ blastRadius, lastUsedAt }: LiveToken, live: LiveToken[]): boolean {
  const { successor } = blastRadius
  if (!lastUsedAt || !successor || successor.lastUsedAt) return false
  return !live.some(({ id }) => id === successor.id)
}

function apisOf(live: LiveToken[]): BlastRadius['apis'] {
  const all = Map.groupBy(
    live.flatMap(({ blastRadius }) => blastRadius.apis),
    ({ api }) => api,
  )
  const apis = [...all].map(([api, parts]) => ({ api, calls: sum(parts.map(({ calls }) => calls)) }))
  return apis.sort((a, b) => b.calls - a.calls)
}

const byApi = (apis: BlastRadius['apis']) =>
  apis.map(({ api, calls }) => `${usedApiNames[api]} ${formatted(calls)}`).join(', ')

const addressCount = ({ addresses }: BlastRadius) =>
  addresses === 'more-than-100'
    ? `more than ${maxCounted} addresses`
    : counted(addresses, 'address', 'addresses')

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
