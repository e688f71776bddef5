import type { ComponentProps } from 'react'

const control =
  'w-full rounded-lg border border-control bg-ground px-3 py-1.5 text-ink placeholder:text-soft aria-invalid:border-danger'

type FieldProps = ComponentProps<'input'> & {
  id: string
  label: string
  hint?: string | undefined
  error?: string | undefined
}

/** A labelled text input with its hint and its error, both read out with it. */
export function Field({ id, label, hint, error, className = '', ...input }: FieldProps) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={`grid gap-1 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={control}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-[13px] text-danger">
          {error}
        </p>
      )}
    </div>
  )
}
