import { readdirSync, readFileSync } from 'node:fs'

/** Of user and system together, in microseconds; `undefined` where there is no /proc. */
type CpuTime = number | undefined

/** Linux counts it in hundredths of a second, whatever the machine. */
const microsecondsPerTick = 10_000

/** Of one process and all its threads. */
export function cpuTimeOf(pid: number): CpuTime {
  const stat = statOf(pid)
  return stat && stat.own * microsecondsPerTick
}

/** Of a process and its children, those included that have ended: PostgreSQL has one for each connection. */
export function cpuTimeOfFamily(pid: number): CpuTime {
  const parent = statOf(pid)
  if (!parent) return undefined
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid)
  const ticks = children.reduce((sum, stat) => sum + (stat?.own ?? 0), parent.own + parent.ofEndedChildren)
  return ticks * microsecondsPerTick
}

export function parentOf(pid: number): number | undefined {
  return statOf(pid)?.parent
}

function statOf(pid: number): { parent: number; own: number; ofEndedChildren: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // After the program's name, which may contain anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    return { parent, own: user + system, ofEndedChildren: childUser + childSystem }
  } catch {
    return undefined
  }
}
