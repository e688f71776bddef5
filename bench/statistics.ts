/** Of samples in any order; `share` 0.5 is the median. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

export const median = (samples: readonly number[]) => quantile(samples, 0.5)

/** The ratio of the medians, and its lowest and highest value over ten consecutive parts of the run. */
export function ratioOf(samples: readonly number[], base: readonly number[]) {
  const size = Math.ceil(base.length / 10)
  // Something too slow to be measured in every round has no parts.
  if (samples.length < base.length) {
    const ratio = median(samples) / median(base)
    return {
      ratio,
      lowest: Math.min(...samples) / median(base),
      highest: Math.max(...samples) / median(base),
    }
  }
  const parts = []
  for (let at = 0; at < base.length; at += size) {
    parts.push(median(samples.slice(at, at + size)) / median(base.slice(at, at + size)))
  }
  return { ratio: median(samples) / median(base), lowest: Math.min(...parts), highest: Math.max(...parts) }
}
