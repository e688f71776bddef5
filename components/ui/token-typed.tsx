'use client'

import { useSearchParams } from 'next/navigation'
import { Notice } from './notice.tsx'

/** After an address with a token in it, as a search for one makes it: the server has led on to this page without it. */
export function TokenTyped() {
  const params = useSearchParams()
  if (params.get('refused') !== 'token') return null
  return (
    <Notice kind="warn" role="status" className="mb-5">
      <p className="text-sm">
        A token was typed or stood in the address.{' '}
        {params.get('search')?.startsWith('sha256:')
          ? 'It was searched for, and it was not kept.'
          : 'Nothing was searched for, and it was not kept. Search for a name or an ID instead.'}{' '}
        Whoever has seen the token can use it: if that may be so, revoke it.
      </p>
    </Notice>
  )
}
