'use client'

import type { Route } from 'next'
import { createContext, type ReactNode, useContext } from 'react'
import { Link } from '../ui/link.tsx'
import type { ListBehind } from '../ui/list-address.ts'
import { hrefOfDialog, type TokenDialog } from './token-dialog.ts'

/** The list that stands behind all dialogs of a page, with its search, filters and place. */
export const BehindContext = createContext<ListBehind | null>(null)

type Props = TokenDialog & {
  /** Where no list stands behind. */
  list: Route
  /** Of a dialog that takes the place of the one that it stands in. */
  replace?: true
  className: string
  children: ReactNode
}

/** From a dialog, or from what came of one, to another. The list behind stays as it is. */
export function DialogLink({ list, to, tokenIds, replace, className, children }: Props) {
  const behind = useContext(BehindContext) ?? { list, params: [] }
  return (
    <Link
      href={hrefOfDialog(behind, { to, tokenIds })}
      replace={replace ?? false}
      scroll={false}
      className={className}
    >
      {children}
    </Link>
  )
}
