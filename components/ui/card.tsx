import type { ComponentProps } from 'react'

/** A framed part of a page. */
export function Card({ className = '', ...props }: ComponentProps<'section'>) {
  return <section {...props} className={`min-w-0 rounded-xl border border-line bg-card ${className}`} />
}
