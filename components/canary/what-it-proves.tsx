import { Card } from '../ui/card.tsx'

const proves = [
  'Each API server is called over HTTP, as a proxy calls it, before the revocation, while it is under way, and until all have refused.',
  'A call that is sent after the confirmation and accepted counts: an answer that is kept for a blink is seen.',
  'The revocation waits for the standby, as those of people do.',
]
const doesNot = [
  'What stands before the API servers: a balancer or a proxy that keeps answers.',
  'Services that introspect and keep what they heard. The result of a revocation names them.',
  'The store engine, and an API server that was silent for longer than ten minutes.',
]

/** For operators: what the figure may be relied on for. */
export function WhatItProves() {
  return (
    <Card className="grid gap-4 p-5 text-sm sm:grid-cols-2" aria-label="What the canary proves">
      {(
        [
          ['What the canary proves', proves],
          ['What it does not', doesNot],
        ] as const
      ).map(([title, lines]) => (
        <div key={title}>
          <h2 className="text-base font-semibold">{title}</h2>
          <ul className="mt-1.5 grid list-disc gap-1.5 pl-5 text-soft">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
    </Card>
  )
}
