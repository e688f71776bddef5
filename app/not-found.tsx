import { NothingHere } from './nothing-here.tsx'

export default function NotFound() {
  return (
    <main className="mx-auto max-w-[1120px] px-4 sm:px-6">
      <NothingHere />
    </main>
  )
}
