/** What somebody reads whose change has to wait for another one; both parts without a full stop. */
export function busyText({ undone, next }: { undone: string; next: string }): string {
  return `Somebody else is changing this right now. ${undone}: wait a moment, then ${next}.`
}
