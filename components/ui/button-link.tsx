import type { ComponentProps } from 'react'
import { buttonClasses, type Look } from './button.tsx'
import { Link } from './link.tsx'

/**
 * A link that looks like a button. In a file of its own: a page that only has buttons, such as that of an error, would load what follows
 * links as well.
 */
export function ButtonLink({
  look = 'secondary',
  className = '',
  ...props
}: ComponentProps<typeof Link> & { look?: Look }) {
  return <Link {...props} className={buttonClasses(look, className)} />
}
