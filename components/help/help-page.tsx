import type { StaticImageData } from 'next/image'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { Card } from '../ui/card.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { type HelpTopic, helpTopics } from './help-path.ts'

/** Looks like a link in a sentence. */
export const inlineLink = 'text-accent underline underline-offset-4'

type Props = {
  side: Side
  title: string
  /** What the page is for, in a sentence. */
  lead: ReactNode
  /** Each answer stands under the question of `helpTopics`. */
  answers: Record<HelpTopic, ReactNode>
}

/** The help of one side: its questions as a list of links, then the answers. */
export function HelpPage({ side, title, lead, answers }: Props) {
  const topics = Object.entries(helpTopics[side]) as [HelpTopic, string][]
  return (
    <>
      <PageHeader path={[{ label: 'Help', href: '/help' }]} title={title}>
        <p>{lead}</p>
      </PageHeader>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,2.4fr)]">
        <nav aria-label="On this page" className="lg:sticky lg:top-4 print:hidden">
          <ul className="grid gap-0.5 text-sm">
            {topics.map(([topic, question]) => (
              <li key={topic}>
                <a
                  href={`#${topic}`}
                  className="block rounded-md py-1.5 text-accent hover:underline max-lg:py-2.5"
                >
                  {question}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid gap-5">
          {topics.map(([topic, question]) => (
            <Card key={topic} aria-labelledby={topic} className="p-5 target:border-accent">
              <h2 id={topic} className="scroll-mt-6 text-lg font-semibold text-balance">
                {question}
              </h2>
              <div className="mt-2 grid max-w-[68ch] gap-3">{answers[topic]}</div>
            </Card>
          ))}
        </div>
      </div>
    </>
  )
}

/** What a page looks like; pressed, it is shown by itself, as large as it is. */
export function Picture({ of, alt, children }: { of: StaticImageData; alt: string; children: ReactNode }) {
  return (
    <figure className="grid gap-1.5">
      <a href={of.src} className="w-fit">
        <picture>
          <img
            {...{ src: of.src, width: of.width, height: of.height }}
            alt={alt}
            loading="lazy"
            decoding="async"
            className="h-auto max-w-full rounded-lg border border-line"
          />
        </picture>
      </a>
      <figcaption className="text-[13px] text-soft">{children}</figcaption>
    </figure>
  )
}

/** Steps in their order. */
export function Steps({ children }: { children: ReactNode }) {
  return <ol className="grid list-decimal gap-1 pl-5 marker:text-soft">{children}</ol>
}

/** Points without an order. */
export function Points({ children }: { children: ReactNode }) {
  return <ul className="grid list-disc gap-1 pl-5 marker:text-soft">{children}</ul>
}
