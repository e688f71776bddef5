import type { ComponentProps } from 'react'

type FieldProps = ComponentProps<'input'> & {
  id: string
  label: string
  hint?: string | undefined
  /** What is wrong with what was typed. */
  error?: string | undefined
}

/** A labelled text input, with a hint and what is wrong below it. */
export function Field({ id, label, hint, error, className = '', ...input }: FieldProps) {
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={`grid gap-1 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        {...input}
        id={id}
        className="w-full rounded-lg border border-control bg-ground px-3 py-1.5 text-ink aria-invalid:border-danger"
      />
      {error && (
        <p id={`${id}-error`} className="text-sm text-danger">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-soft wrap-anywhere">
          {hint}
        </p>
      )}
    </div>
  )
}
