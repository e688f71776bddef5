import type { ReactNode } from 'react'

type Look = 'plain' | 'ok' | 'warn' | 'danger' | 'accent'

const looks: Record<Look, string> = {
  plain: 'border-line text-soft',
  ok: 'border-transparent bg-ok-soft text-ok',
  warn: 'border-transparent bg-warn-soft text-warn',
  danger: 'border-transparent bg-danger-soft text-danger',
  accent: 'border-transparent bg-accent-soft text-accent',
}

/** A word that marks what it stands beside. */
export function Tag({ look = 'plain', children }: { look?: Look; children: ReactNode }) {
  return (
    <span
      className={`inline-block rounded-full border px-2 text-xs leading-5 whitespace-nowrap ${looks[look]}`}
    >
      {children}
    </span>
  )
}
