import { headers } from 'next/headers'
import { pathHeader } from '../_auth/page-headers.ts'

/** The path of the page that is asked for, or that an action was sent from; proxy.ts says it. */
export async function currentPath(): Promise<string> {
  return (await headers()).get(pathHeader) ?? '/'
}
