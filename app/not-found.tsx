import { NothingHere } from './nothing-here.tsx'
import { OpenShell } from './open-shell.tsx'

/** Who is signed in keeps the bar on top, and with it every way on. */
export default function NotFound() {
  return (
    <OpenShell>
      <NothingHere />
    </OpenShell>
  )
}
