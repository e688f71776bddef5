/** How long to wait, as one says it; it may be over sooner. */
export function waitText(waitSeconds: number): string {
  const minutes = Math.ceil(waitSeconds / 60)
  return minutes <= 1 ? 'a minute' : `${minutes} minutes`
}
