import { busyText } from './busy-text.ts'

export function Busy(what: { undone: string; next: string }) {
  return <p>{busyText(what)}</p>
}
