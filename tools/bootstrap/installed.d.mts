export function isInstalled(root: string): boolean
export function recordInstallation(root: string): void
