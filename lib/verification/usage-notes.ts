import type { UsageBatch } from '#db/queries/verification/usage-batches.ts'
import { hourMs } from '../time/units.ts'
import { withoutSecrets } from '../tokens/model/secret.ts'
import type { RecordedCall, UsedApi } from './recorded-call.ts'

/** Calls that are not written yet, added up by token. Room for `maxNotes` tokens, hours and addresses in all. */
type UsageNotes = {
  /** Adds a call; false: there was no room for it. */
  add(call: RecordedCall): boolean
  /** Tokens that something is noted of. */
  readonly tokens: number
  /** Of the room: tokens, hours and addresses. */
  readonly size: number
  /** Takes out all that is noted of the first `tokens` tokens, in the order in which they came. */
  take(tokens: number): UsageBatch
}

type HourNote = { hour: number; api: UsedApi; calls: number; refusals: number }

type Note = {
  /** Of the last accepted call, in milliseconds; 0: there was none. */
  lastAt: number
  lastApi: UsedApi
  lastAddress: string | null
  lastClient: string | null
  hours: HourNote[]
  /** Null: none, as behind every introspection: an empty map takes a third of the whole. */
  addresses: Map<string, number> | null
  attempts: AttemptNote | null
  whilePaused: AttemptNote | null
}

type AttemptNote = {
  count: number
  firstAt: number
  lastAt: number
  address: string | null
  client: string | null
}

/** Of a token, between two writes. */
const maxAddresses = 20
const maxTextLength = 200

export function createUsageNotes(maxNotes: number): UsageNotes {
  const notes = new Map<string, Note>()
  let size = 0

  function add({ tokenId, api, cause, address, client, at: moment }: RecordedCall): boolean {
    const at = moment.getTime()
    const note = notes.get(tokenId) ?? open(tokenId, api)
    const hour = note && hourOf(note, Math.floor(at / hourMs), api)
    if (!hour) return false
    if (cause === null) {
      hour.calls++
      noteUse(note, at, api, address, client)
    } else {
      hour.refusals++
      if (cause === 'revoked') note.attempts = withAttempt(note.attempts, at, address, client)
      if (cause === 'paused') note.whilePaused = withAttempt(note.whilePaused, at, address, client)
    }
    return true
  }

  function open(tokenId: string, lastApi: UsedApi): Note | undefined {
    if (size >= maxNotes) return undefined
    size++
    const note: Note = {
      lastAt: 0,
      lastApi,
      lastAddress: null,
      lastClient: null,
      hours: [],
      addresses: null,
      attempts: null,
      whilePaused: null,
    }
    notes.set(tokenId, note)
    return note
  }

  /** The latest is looked at first: unless the database was away for long, there are no others. */
  function hourOf(note: Note, hour: number, api: UsedApi): HourNote | undefined {
    for (let n = note.hours.length - 1; n >= 0; n--) {
      const known = note.hours[n]
      if (known?.hour === hour && known.api === api) return known
    }
    // A token's first hour belongs to the token: an opened note is never empty.
    if (note.hours.length > 0 && size >= maxNotes) return undefined
    size++
    const counted = { hour, api, calls: 0, refusals: 0 }
    note.hours.push(counted)
    return counted
  }

  function noteUse(note: Note, at: number, api: UsedApi, address: string | null, client: string | null) {
    if (address !== null) noteAddress(note, address, at)
    if (at <= note.lastAt) return
    note.lastAt = at
    note.lastApi = api
    note.lastAddress = address
    note.lastClient = keepable(client)
  }

  function noteAddress(note: Note, address: string, at: number) {
    note.addresses ??= new Map()
    const { addresses } = note
    const lastAt = addresses.get(address)
    if (lastAt === undefined) {
      if (addresses.size >= maxAddresses || size >= maxNotes) return
      size++
    }
    if (lastAt === undefined || lastAt < at) addresses.set(address, at)
  }

  function take(tokens: number): UsageBatch {
    const batch: UsageBatch = {
      tokenIds: [],
      uses: [],
      hours: [],
      addresses: [],
      attempts: [],
      whilePaused: [],
    }
    for (const [tokenId, note] of notes) {
      if (batch.tokenIds.length >= tokens) break
      notes.delete(tokenId)
      size -= 1 + note.hours.length + (note.addresses?.size ?? 0)
      addTo(batch, tokenId, note)
    }
    return batch
  }

  return {
    add,
    take,
    get tokens() {
      return notes.size
    },
    get size() {
      return size
    },
  }
}

function addTo(batch: UsageBatch, tokenId: string, note: Note) {
  const { lastAt, lastApi, lastAddress, lastClient, hours, addresses, attempts, whilePaused } = note
  batch.tokenIds.push(tokenId)
  if (lastAt > 0) {
    const at = new Date(lastAt)
    batch.uses.push({ tokenId, at, api: lastApi, address: lastAddress, client: readable(lastClient) })
  }
  for (const { hour, api, calls, refusals } of hours) {
    batch.hours.push({ tokenId, hour: new Date(hour * hourMs), api, calls, refusals })
  }
  for (const [address, at] of addresses ?? []) batch.addresses.push({ tokenId, address, at: new Date(at) })
  if (attempts) batch.attempts.push(attemptsOf(tokenId, attempts))
  if (whilePaused) batch.whilePaused.push(attemptsOf(tokenId, whilePaused))
}

function withAttempt(
  before: AttemptNote | null,
  at: number,
  address: string | null,
  client: string | null,
): AttemptNote {
  const attempts = before ?? {
    ...{ count: 0, firstAt: at, lastAt: Number.NEGATIVE_INFINITY },
    ...{ address: null, client: null },
  }
  attempts.count++
  attempts.firstAt = Math.min(attempts.firstAt, at)
  if (at <= attempts.lastAt) return attempts
  attempts.lastAt = at
  attempts.address = address
  attempts.client = keepable(client)
  return attempts
}

const attemptsOf = (tokenId: string, { count, firstAt, lastAt, address, client }: AttemptNote) => ({
  ...{ tokenId, count, firstAt: new Date(firstAt), lastAt: new Date(lastAt) },
  ...{ address, client: readable(client) },
})

/** What is longer is copied: a slice would keep the whole of it in memory. Cut only after secrets have gone. */
function keepable(text: string | null): string | null {
  const kept = text && withoutSecrets(text)
  if (!kept || kept.length <= maxTextLength) return kept
  return Buffer.from(kept.slice(0, maxTextLength), 'utf16le').toString('utf16le')
}

/** Without control and formatting characters; halves of a character go as well, and a token that was in pieces. */
function readable(text: string | null): string | null {
  return (text && withoutSecrets(text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')).trim()) || null
}
