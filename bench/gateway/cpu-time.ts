import { readdirSync, readFileSync } from 'node:fs'

/** Of user and system together, in microseconds; `undefined` where there is no /proc. */
type CpuTime = number | undefined

/** `stat` counts it in hundredths of a second, whatever the machine; the scheduler's own file in billionths. */
const microsecondsPerTick = 10_000
const nanosecondsPerMicrosecond = 1_000

/** Of one process and all its threads that have not ended. */
export function cpuTimeOf(pid: number): CpuTime {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const nanoseconds = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
    return nanoseconds.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / nanosecondsPerMicrosecond
  } catch {
    const stat = statOf(pid)
    return stat && stat.own * microsecondsPerTick
  }
}

/** Of a process and its children, those included that have ended: PostgreSQL has one for each connection. */
export function cpuTimeOfFamily(pid: number): CpuTime {
  const parent = statOf(pid)
  if (!parent) return undefined
  const family = readdirSync('/proc')
    .map(Number)
    .filter((one) => one === pid || statOf(one)?.parent === pid)
  const ofEnded = parent.ofEndedChildren * microsecondsPerTick
  return family.reduce((sum, one) => sum + (cpuTimeOf(one) ?? 0), ofEnded)
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
