const intervalMs = 250

/**
 * Calls back when the npm that runs us was killed: nobody would ever stop us, and ports and data stayed taken.
 * The scripts of package.json `exec` us, so that our parent is npm itself and its signals reach us.
 * @param {() => void} onGone
 */
export function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const npm = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(timer)
    onGone()
  }, intervalMs)
  timer.unref()
}
