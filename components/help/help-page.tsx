import type { StaticImageData } from 'next/image'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { type HelpTopic, helpTopics } from './help-path.ts'
import { QuestionsPage } from './questions-page.tsx'

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

/** The help of one side. */
export function HelpPage({ side, ...page }: Props) {
  return <QuestionsPage<HelpTopic> {...page} questions={helpTopics[side]} />
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
