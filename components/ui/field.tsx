import type { ComponentProps } from 'react'

type FieldProps = ComponentProps<'input'> & { id: string; label: string }

/** A labelled text input. */
export function Field({ id, label, className = '', ...input }: FieldProps) {
  return (
    <div className={`grid gap-1 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        className="w-full rounded-lg border border-control bg-ground px-3 py-1.5 text-ink aria-invalid:border-danger"
      />
    </div>
  )
}
