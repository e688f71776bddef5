import type { ComponentProps } from 'react'

export type Look = 'primary' | 'secondary' | 'danger' | 'danger-quiet'

const base =
  'print:hidden inline-flex min-h-9 items-center justify-center gap-2 rounded-lg border px-3.5 py-1.5 text-sm font-medium whitespace-nowrap no-underline disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55'

const looks: Record<Look, string> = {
  primary: 'border-transparent bg-accent text-on-accent hover:opacity-90',
  secondary: 'border-control bg-card text-ink hover:bg-ground',
  // Without colours of ours a double border tells it from the others.
  danger:
    'border-transparent bg-danger-fill text-white hover:opacity-90 forced-colors:border-4 forced-colors:border-double',
  'danger-quiet': 'border-danger bg-card text-danger hover:bg-danger-soft',
}

/** The classes of a button. */
export const buttonClasses = (look: Look, more: string) => `${base} ${looks[look]} ${more}`

/** A button; `type="button"` unless said otherwise. */
export function Button({
  look = 'secondary',
  className = '',
  ...props
}: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" {...props} className={buttonClasses(look, className)} />
}
