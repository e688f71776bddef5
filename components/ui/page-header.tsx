import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from './link.tsx'

type Crumb = { label: string; href: Route }

/** The way to the page, its heading, and what it is about. */
export function PageHeader({
  path = [],
  title,
  heading = title,
  actions,
  children,
}: {
  path?: Crumb[]
  /** At the end of the way. */
  title: string
  heading?: ReactNode
  /** What can be done on the page: then all stands in one line, as far as there is room for it. */
  actions?: ReactNode
  children?: ReactNode
}) {
  const top = (
    <h1
      className={`${actions ? '' : 'mt-1.5'} text-[26px] leading-tight font-semibold tracking-tight text-balance wrap-anywhere`}
    >
      {heading}
    </h1>
  )
  const about = children && (
    <div
      className={`${actions ? '' : 'mt-1.5'} flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1 text-soft`}
    >
      {children}
    </div>
  )
  return (
    <div className={actions ? 'mb-3' : 'mb-5'}>
      {path.length > 0 && (
        <nav aria-label="Breadcrumb" className="text-[13px] text-soft">
          {/* On a phone only the last one, as the way back. */}
          <ol className="flex flex-wrap gap-x-2 max-sm:-my-2">
            {path.map((crumb) => (
              <li key={crumb.href} className="flex min-w-0 gap-2 max-sm:not-nth-last-2:hidden">
                <Link
                  href={crumb.href}
                  className="min-w-0 truncate py-1 hover:underline max-sm:min-h-11 max-sm:py-3"
                >
                  <span aria-hidden="true" className="sm:hidden">
                    ‹{' '}
                  </span>
                  {crumb.label}
                </Link>
                <span aria-hidden="true" className="py-1 max-sm:hidden">
                  /
                </span>
              </li>
            ))}
            <li aria-current="page" className="py-1 max-sm:hidden">
              {title}
            </li>
          </ol>
        </nav>
      )}
      {actions ? (
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-2">
          {top}
          {about}
          <div className="ml-auto flex flex-wrap gap-2.5 max-lg:ml-0 print:hidden">{actions}</div>
        </div>
      ) : (
        <>
          {top}
          {about}
        </>
      )}
    </div>
  )
}
