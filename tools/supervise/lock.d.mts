export type Lock = { release(): Promise<void> }
export function tryLock(path: string): Promise<Lock | undefined>
export function waitForLock(
  path: string,
  options?: { timeoutMs?: number; onWait?: () => void },
): Promise<Lock | undefined>
