import { describeApi } from '#lib/management-api/openapi.ts'
import { jsonWithTag } from './entity-tag.ts'
import { problemResponse } from './problem-response.ts'

/** Made once for each name by which people reach this server: of the last one. */
let made = { origin: '', text: '' }

/** The OpenAPI document, for everybody: it says of no store or partner anything. */
export function answerDocument(request: Request, origin: string): Response {
  if (!['GET', 'HEAD'].includes(request.method))
    return problemResponse('method-not-allowed', origin, { headers: { Allow: 'GET, HEAD' } })
  if (made.origin !== origin) made = { origin, text: JSON.stringify(describeApi(origin)) }
  return jsonWithTag(request, made.text, { 'Cache-Control': 'public, no-cache' })
}
