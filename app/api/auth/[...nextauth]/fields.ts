import { z } from 'zod'

const fields = z.record(z.string(), z.string())

/**
 * Whether the request's body is one that next-auth can read without stumbling: a form, or JSON that says what a
 * form could say. Leaves the body unread.
 */
export async function hasReadableFields(request: Request): Promise<boolean> {
  if (!request.headers.get('content-type')?.includes('application/json')) return true
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => undefined)
  return fields.safeParse(body).success
}
