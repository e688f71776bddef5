import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import type { PlanActions } from './plan-actions.ts'

type Props = {
  action: PlanActions['freeze']
  /** Of what: the parameters of a list, or a plan around which. */
  hidden: Record<string, string>
  label: string
  children?: ReactNode
  className?: string
}

/** Makes a plan and leads to it; where there is none, to the list of plans, which says why. No script of ours is needed. */
export function FreezeTokens({ action, hidden, label, children, className = '' }: Props) {
  return (
    <form action={action} className={`flex flex-wrap items-center gap-x-3 gap-y-2 ${className}`}>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <Button type="submit" className="whitespace-normal! max-sm:min-h-11">
        {label}
      </Button>
    </form>
  )
}
