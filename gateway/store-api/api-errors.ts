import type { RefusalCause } from '#lib/tokens/model/policy.ts'
import { element, type Xml } from './xml/write.ts'

/** Code and message of docs/domain.md, The store's XML API; those of the ranges as the guide of 2013 has them. */
const apiErrors = {
  10001: 'Please, provide a valid Verb.',
  10002: 'This operation is not permitted.',
  10003: 'There is no resource supplied for the request.',
  10004: 'Order id not found in store.',
  10006: 'Too many concurrent requests for the store.',
  10009: 'Authorization required.',
  10010: 'Access denied.',
  10500: 'An Internal error has occurred.',
  20021: 'Invalid Start Range specified.',
  20022: 'Count specified in request is greater than that supported.',
  20025: 'Invalid count in range query.',
  20026: 'Invalid End Range specified.',
  20028: 'Start range cannot be greater than End range.',
} as const

export type ApiErrorCode = keyof typeof apiErrors

/** What a caller learns of the reason: whether they are not who they must be, or may not do this. */
export function codeOf(cause: RefusalCause): ApiErrorCode {
  switch (cause) {
    case 'missing':
    case 'malformed':
    case 'unknown':
    case 'revoked':
    case 'expired':
    case 'paused':
      return 10009
    case 'other-store':
    case 'api-not-ticked':
    case 'package-without-apis':
      return 10010
  }
}

/** Order clients read `ErrorResourceList`, catalog and set-up clients `ErrorMessages`. */
export function errorContent(code: ApiErrorCode, explanation?: string): Xml[] {
  if (explanation !== undefined) return contentOf(code, `${apiErrors[code]} ${explanation}`)
  const known = contents.get(code) ?? contentOf(code, apiErrors[code])
  contents.set(code, known)
  return known
}

/** Without an explanation they are always the same. */
const contents = new Map<ApiErrorCode, Xml[]>()

function contentOf(code: ApiErrorCode, message: string): Xml[] {
  const error = element('Error', [element('Code', code), element('Message', message)])
  return [element('ErrorResourceList', [error]), element('ErrorMessages', [error])]
}
