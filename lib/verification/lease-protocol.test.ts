import { expect, test } from 'vitest'

/**
 * All that can happen between one gateway with a lease, one change (X) and whoever confirms it, in any order and with any delay: a search
 * through every state. Of time only what has passed counts, up to a lease's length. docs/decisions/032-leases.md.
 */

const length = 3

/** How long ago, in moments; `length`: or longer. */
type Age = number

/** Whether a snapshot has X in it; null: nothing was looked at. */
type Seen = 'without' | 'with' | null

/** Why what is looked up is not kept. */
type Stale = 'a change was heard' | 'the lease began' | null

type State = {
  change: 'none' | 'running' | 'committed'
  /** X left word of itself, because it saw that there is a lease. */
  isNoted: boolean
  row: { seen: Seen; written: Age } | null
  confirmation: 'none' | 'given' | { begun: Age; isRowRenewed: boolean }
  seen: Seen
  /** X was running when the lease began. */
  isWaiting: boolean
  renewal:
    | null
    | { at: 'sent'; asked: Age; says: Seen }
    | { at: 'announced'; asked: Age; isNew: boolean }
    | {
        at: 'answered'
        asked: Age
        answered: Age
        isNew: boolean
        sees: Seen
        isRunning: boolean
        hears: boolean
      }
  lease: Age | null
  isOpen: boolean
  remembers: boolean
  lookUp: null | { at: 'sent'; stale: Stale } | { at: 'read'; isLive: boolean; stale: Stale }
}

const beginning: State = {
  ...{ change: 'none', isNoted: false, row: null, confirmation: 'none' },
  ...{ seen: null, isWaiting: false, renewal: null, lease: null },
  ...{ isOpen: false, remembers: false, lookUp: null },
}

/** What somebody could build in place of the protocol. */
const faults = [
  'keeps what was looked up before a change was heard',
  'keeps what was looked up before the lease began',
  'trusts a lease while older transactions run',
  'counts the lease from the answer',
  'waits for less than a lease',
  'takes a renewal for knowing',
  'confirms where the holder has not looked yet',
  'goes on with its memory after its row was removed',
] as const
type Fault = (typeof faults)[number]

const accepts = ({ remembers, lease }: State) => remembers && lease !== null && lease < length
const older = (age: Age): Age => Math.min(age + 1, length)
const aged = ({ lookUp }: State, stale: Stale) => lookUp && { ...lookUp, stale }

/** Everything that was known counts for nothing. */
const afresh = (state: State) => ({
  ...{ lease: null, isOpen: false, remembers: false },
  lookUp: aged(state, 'the lease began'),
})

function* next(state: State, fault?: Fault): Generator<State> {
  yield passed(state)
  yield* changed(state, fault)
  yield* renewed(state, fault)
  yield* lookedUp(state, fault)
}

function passed(state: State): State {
  const { row, confirmation, renewal, lease } = state
  return {
    ...state,
    row: row && { ...row, written: older(row.written) },
    confirmation:
      typeof confirmation === 'object' ? { ...confirmation, begun: older(confirmation.begun) } : confirmation,
    renewal:
      renewal?.at === 'answered'
        ? { ...renewal, asked: older(renewal.asked), answered: older(renewal.answered) }
        : renewal && { ...renewal, asked: older(renewal.asked) },
    lease: lease === null ? null : older(lease),
  }
}

/** Whoever changes something, and confirms it. */
function* changed(state: State, fault?: Fault): Generator<State> {
  const { change, row, confirmation } = state
  if (change === 'none') yield { ...state, change: 'running', isNoted: row !== null }
  if (change === 'running') yield { ...state, change: 'committed' }
  // Whoever confirmed another change has waited for a lease in vain.
  if (row && row.written >= length) yield { ...state, row: null }
  if (change !== 'committed' || confirmation === 'given') return
  const isSilent = typeof confirmation === 'object' && !confirmation.isRowRenewed
  if (!row || isAware(state, row, fault)) yield { ...state, confirmation: 'given' }
  else if (confirmation === 'none') yield { ...state, confirmation: { begun: 0, isRowRenewed: false } }
  else if (fault === 'takes a renewal for knowing' && confirmation.isRowRenewed) {
    yield { ...state, confirmation: 'given' }
  } else if (confirmation.begun >= (fault === 'waits for less than a lease' ? length - 1 : length)) {
    yield { ...state, confirmation: 'given', row: isSilent ? null : row }
  }
}

/** As `findUnaware` asks of the database. */
function isAware({ isNoted }: State, row: NonNullable<State['row']>, fault?: Fault) {
  if (row.seen === null) return fault === 'confirms where the holder has not looked yet'
  return row.seen === 'with' || !isNoted
}

/** The gateway's renewals: asked for; written and committed; looked; heard. */
function* renewed(state: State, fault?: Fault): Generator<State> {
  const { change, row, confirmation, renewal } = state
  if (!renewal) yield { ...state, renewal: { at: 'sent', asked: 0, says: state.seen } }
  if (renewal?.at === 'sent') {
    const isNew = row === null
    yield {
      ...state,
      row: { seen: isNew ? null : renewal.says, written: 0 },
      renewal: { at: 'announced', asked: renewal.asked, isNew },
      confirmation: typeof confirmation === 'object' ? { ...confirmation, isRowRenewed: true } : confirmation,
    }
  }
  if (renewal?.at === 'announced') {
    const sees = change === 'committed' ? 'with' : 'without'
    const hears = sees === 'with' && state.seen === 'without' && state.isNoted
    const answer = { sees, isRunning: change === 'running', hears } as const
    yield { ...state, renewal: { ...renewal, at: 'answered', answered: 0, ...answer } }
  }
  if (renewal?.at === 'answered') yield heard(state, renewal, fault)
  // The connection is lost, or the process begins anew: what was written stays.
  if (renewal) yield { ...state, ...afresh(state), seen: null, renewal: null }
}

function heard(state: State, renewal: State['renewal'] & { at: 'answered' }, fault?: Fault): State {
  const { asked, answered, isNew, sees, isRunning, hears } = renewal
  let after: State = { ...state, renewal: null, seen: sees }
  const ignoresLoss = fault === 'goes on with its memory after its row was removed' && state.seen !== null
  if ((isNew && !ignoresLoss) || state.seen === null) {
    after = { ...after, ...afresh(after), isWaiting: isRunning }
  }
  if (hears) after = { ...after, remembers: false, lookUp: aged(after, 'a change was heard') }
  if (after.isWaiting && !isRunning) after = { ...after, isWaiting: false }
  if (after.isWaiting && fault !== 'trusts a lease while older transactions run') return after
  const lease = fault === 'counts the lease from the answer' ? answered : asked
  return { ...after, lease, ...(!after.isOpen && { isOpen: true, lookUp: aged(after, 'the lease began') }) }
}

/** The gateway's look-ups, on other connections. */
function* lookedUp(state: State, fault?: Fault): Generator<State> {
  const { change, lookUp, isOpen } = state
  if (!lookUp) yield { ...state, lookUp: { at: 'sent', stale: null } }
  if (lookUp?.at === 'sent')
    yield { ...state, lookUp: { ...lookUp, at: 'read', isLive: change !== 'committed' } }
  if (lookUp?.at === 'read') {
    const { isLive, stale } = lookUp
    const forgives =
      (fault === 'keeps what was looked up before a change was heard' && stale === 'a change was heard') ||
      (fault === 'keeps what was looked up before the lease began' && stale === 'the lease began')
    const keeps = isLive && isOpen && (stale === null || forgives)
    yield { ...state, lookUp: null, remembers: state.remembers || keeps }
  }
}

/** The first state found in which a call is accepted after the confirmation, and what the search came to. */
function search(fault?: Fault) {
  const known = new Set<string>()
  const open = [beginning]
  const cameTo = { states: 0, 'answered from memory': 0, 'confirmed without the holder': 0 }
  for (let state = open.pop(); state; state = open.pop()) {
    const key = JSON.stringify(state)
    if (known.has(key)) continue
    known.add(key)
    cameTo.states++
    if (state.confirmation === 'given' && accepts(state)) return { violation: state, cameTo }
    if (accepts(state)) cameTo['answered from memory']++
    if (state.confirmation === 'given' && state.isNoted && !state.row)
      cameTo['confirmed without the holder']++
    open.push(...next(state, fault))
  }
  return { violation: undefined, cameTo }
}

test('whatever happens in whatever order, nothing is accepted after a change was confirmed', () => {
  const { violation, cameTo } = search()
  expect(violation).toBeUndefined()
  // What the protocol is for did happen.
  expect(Math.min(...Object.values(cameTo))).toBeGreaterThan(100)
})

test.each(faults)('whoever %s is found out', (fault) => {
  expect(search(fault).violation).toBeDefined()
})
