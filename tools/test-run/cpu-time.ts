/** What this thread itself worked at it, in milliseconds: on a busy machine the clock on the wall says nothing of that. */
export function cpuMsOf(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
