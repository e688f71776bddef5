import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/**
 * A link to a page of the product, followed without loading the document anew. Nothing is loaded beforehand: a page of
 * 25 tokens has about 40 links, Next asks twice for each that is in sight, and the answers would be out of date at the
 * next revocation.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />
}
