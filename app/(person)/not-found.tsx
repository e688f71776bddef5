import { NothingHere } from '../nothing-here.tsx'

/** Shown inside the frame of the signed-in pages, which is the `main` of the page already. */
export default function NotFound() {
  return <NothingHere />
}
