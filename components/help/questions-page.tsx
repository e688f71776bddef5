import type { ReactNode } from 'react'
import { Card } from '../ui/card.tsx'
import { PageHeader } from '../ui/page-header.tsx'

/** A page of Help: its questions as a list of links, then the answers. */
export function QuestionsPage<Part extends string>({
  title,
  lead,
  questions,
  answers,
}: {
  title: string
  /** What the page is for, in a sentence. */
  lead: ReactNode
  /** By the part of the address behind `#`. */
  questions: Readonly<Record<Part, string>>
  answers: Record<Part, ReactNode>
}) {
  const parts = Object.entries(questions) as [Part, string][]
  return (
    <>
      <PageHeader path={[{ label: 'Help', href: '/help' }]} title={title}>
        <p>{lead}</p>
      </PageHeader>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,2.4fr)]">
        <nav aria-label="On this page" className="lg:sticky lg:top-4 print:hidden">
          <ul className="grid gap-0.5 text-sm">
            {parts.map(([part, question]) => (
              <li key={part}>
                <a
                  href={`#${part}`}
                  className="block rounded-md py-1.5 text-accent hover:underline max-lg:py-2.5"
                >
                  {question}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid gap-5">
          {parts.map(([part, question]) => (
            <Card key={part} aria-labelledby={part} className="p-5 target:border-accent">
              <h2 id={part} className="scroll-mt-6 text-lg font-semibold text-balance">
                {question}
              </h2>
              <div className="mt-2 grid max-w-[68ch] gap-3">{answers[part]}</div>
            </Card>
          ))}
        </div>
      </div>
    </>
  )
}
