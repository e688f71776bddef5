import { useSyncExternalStore } from 'react'

const neverChanges = () => () => {}

/** Whether scripts run in this browser: what needs them is shown only then. */
export function useScripting(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
}
