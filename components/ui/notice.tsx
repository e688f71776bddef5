import type { ComponentProps, ReactNode } from 'react'

type Kind = 'ok' | 'warn' | 'danger' | 'info'

const looks: Record<Kind, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-accent-soft text-accent',
}

/** What happened, or what to know. Give it `role="status"` or `role="alert"` where it appears after an action. */
export function Notice({
  kind,
  title,
  children,
  className = '',
  ...props
}: Omit<ComponentProps<'div'>, 'title'> & { kind: Kind; title?: ReactNode }) {
  return (
    <div
      {...props}
      className={`grid gap-1 rounded-[10px] border border-transparent px-3.5 py-2.5 ${looks[kind]} ${className}`}
    >
      {title && <p className="font-semibold">{title}</p>}
      {children}
    </div>
  )
}
