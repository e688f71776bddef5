import { uptime } from 'node:os'

/** What the clocks of this machine say, in milliseconds. */
export type Moment = {
  /** Never set, and stands still while the machine sleeps. */
  steady: number
  /** Goes on while the machine sleeps. */
  awake: number
  /** May be set to anything. */
  wall: number
}

export type Clocks = { [clock in keyof Moment]: () => number }

const machineClocks: Clocks = {
  steady: () => performance.now(),
  awake: () => uptime() * 1_000,
  wall: () => Date.now(),
}

/** A clock that goes on in sleep is a file of the system's: it is read so often, in milliseconds of steady time. */
const awakeEveryMs = 5

/** Of each length the last tenth is not used: clocks of two machines do not go alike. */
const usedShare = 0.9

/** The right to answer calls from memory for a while. It ends by itself, by whichever clock says so first. */
export type Lease = {
  readonly lengthMs: number
  /** What to give to `renew`: taken before the database is asked. */
  now(): Moment
  /** @param asked before the database was asked for it. */
  renew(asked: Moment): void
  end(): void
  isHeld(): boolean
}

/** @param lengthMs from the moment before it was asked for. */
export function createLease(lengthMs: number, clocks: Clocks = machineClocks): Lease {
  const usedMs = lengthMs * usedShare
  let from: Moment | undefined
  let awakeReadAt = Number.NEGATIVE_INFINITY

  return {
    lengthMs,
    now: () => ({ steady: clocks.steady(), awake: clocks.awake(), wall: clocks.wall() }),
    renew(asked) {
      from = asked
    },
    end() {
      from = undefined
    },
    isHeld() {
      if (!from) return false
      const steady = clocks.steady()
      const passed = clocks.wall() - from.wall
      if (steady - from.steady >= usedMs || passed < 0 || passed >= usedMs) return false
      if (steady - awakeReadAt >= awakeEveryMs) {
        if (clocks.awake() - from.awake >= usedMs) return false
        awakeReadAt = steady
      }
      return true
    },
  }
}
