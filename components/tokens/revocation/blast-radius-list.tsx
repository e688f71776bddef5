import { maxCounted } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { BlastRadius } from '#lib/tokens/review/blast-radius.ts'
import { counted, formatted } from '../../ui/numbers.ts'
import { relativeTime } from '../../ui/relative-time.ts'
import { TokenTail } from '../list/token-cells.tsx'
import { usedApiNames } from '../words.ts'

type LiveTokens = (Token & { blastRadius: BlastRadius })[]

/** Calls are counted back for so long. */
const recentHours = 24
const hourMs = 3_600_000
const recently = `in the last ${recentHours} hours`

/** Who will feel it when all of them are gone. Addresses do not add up: tokens may share them. */
export function BlastRadiusOfAll({ live }: { live: LiveTokens }) {
  const called = live.filter(({ blastRadius }) => blastRadius.calls > 0)
  const cutOff = live.filter((token) => cutsOff(token, live)).length
  return (
    <div id="revoke-blast-radius" className="text-sm">
      <p>
        {called.length === 0 ? (
          live.some(usedUncounted) ? (
            `Some were used ${recently}; how often was not counted.`
          ) : (
            `None of them was used for a call ${recently}.`
          )
        ) : (
          <>
            <strong className="font-semibold">
              {counted(sum(called.map(({ blastRadius }) => blastRadius.calls)), 'call')} {recently}
            </strong>{' '}
            with {formatted(called.length)} of the {formatted(live.length)}: {byApi(apisOf(called))}.
          </>
        )}
      </p>
      {cutOff > 0 && (
        <p className="text-warn">
          {counted(cutOff, 'renewed token has', 'renewed tokens have')} never been used: callers will be cut
          off.
        </p>
      )}
    </div>
  )
}

/** Who will feel it when this token is gone, and whether they can go on with its renewed token. */
export function BlastRadiusOfToken({ token, live }: { token: LiveTokens[number]; live: LiveTokens }) {
  const { blastRadius, lastUsedAt, asOf } = token
  const only = live.length === 1
  const when = only ? recently : `in ${recentHours} hours`
  return (
    <div
      id={only ? 'revoke-blast-radius' : undefined}
      className="basis-full text-[13px] text-soft wrap-anywhere"
    >
      <p>
        {blastRadius.calls > 0 ? (
          <>
            <strong className="font-semibold text-ink">
              {counted(blastRadius.calls, 'call')} {when}
            </strong>
            : {byApi(blastRadius.apis)}
            {blastRadius.addresses !== 0 && <>, from {addressCount(blastRadius)}</>}
          </>
        ) : (
          <>
            {usedUncounted(token) ? 'Calls not counted' : 'No calls'} {when}
          </>
        )}
        , {lastUsedAt ? `last used ${relativeTime(lastUsedAt, asOf)}` : 'never used'}
      </p>
      <Successor token={token} live={live} />
    </div>
  )
}

function Successor({ token, live }: { token: LiveTokens[number]; live: LiveTokens }) {
  const { successor } = token.blastRadius
  if (!successor) return null
  const name = (
    <>
      Its renewed token <TokenTail token={successor} />
    </>
  )
  if (live.some(({ id }) => id === successor.id)) return <p>{name} is revoked with it.</p>
  if (successor.lastUsedAt) {
    return (
      <p className="text-ok">
        {name} is already in use ({relativeTime(successor.lastUsedAt, token.asOf)}).
      </p>
    )
  }
  return (
    <p className="text-warn">
      {name} has never been used{cutsOff(token, live) && ': callers will be cut off'}.
    </p>
  )
}

/** Its use is known and its calls are not: they were made before counting began, or their count was lost. */
function usedUncounted({ blastRadius, lastUsedAt, asOf }: LiveTokens[number]): boolean {
  return (
    blastRadius.calls === 0 &&
    lastUsedAt !== null &&
    asOf.getTime() - lastUsedAt.getTime() < recentHours * hourMs
  )
}

/** It is called with, and the token that should take over is not. */
function cutsOff({ blastRadius, lastUsedAt }: LiveTokens[number], live: LiveTokens): boolean {
  const { successor } = blastRadius
  if (!lastUsedAt || !successor || successor.lastUsedAt) return false
  return !live.some(({ id }) => id === successor.id)
}

function apisOf(live: LiveTokens): BlastRadius['apis'] {
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
