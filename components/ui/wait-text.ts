/** Said wherever passwords are checked. */
export const overloadText = 'Too many people are signing in at this moment. Try again in a few seconds.'

/** @param tooMany what there was too much of, without a full stop. @param again what to do then: `try again`. */
export function tooOftenText(tooMany: string, waitSeconds: number, again: string): string {
  return `${tooMany}. Wait ${waitText(waitSeconds)} at most, then ${again}.`
}

/** How long to wait, as one says it; it may be over sooner. */
export function waitText(waitSeconds: number): string {
  const minutes = Math.ceil(waitSeconds / 60)
  return minutes <= 1 ? 'a minute' : `${minutes} minutes`
}
