import type { Answered, Endpoint, GatewayRequest } from '../server/endpoint.ts'
import { valuesOf } from '../server/header-values.ts'
import type { Reply } from '../server/reply.ts'
import type { StreamedReply } from '../server/streamed-reply.ts'
import { routes } from './routes.ts'
import { headersOfAccepted, headersOfRefused, type TokenHeaders } from './token-headers.ts'
import { responseDocument, type Xml } from './xml/write.ts'
import { answerXmlCall, failure, unreadable, type XmlCallTools } from './xml-call.ts'

export type XmlApiTools = XmlCallTools & TokenHeaders

/** The store's XML API: every address that is nothing else. */
export function createXmlApi(tools: XmlApiTools): Endpoint {
  return async (request) => answered(request, await answer(request, tools), tools)
}

async function answer(request: GatewayRequest, tools: XmlApiTools) {
  const { body } = request
  if (!body) return unreadable('too-large')
  return answerXmlCall({ ...request, body }, tools).catch((error: unknown) => failure(500, error))
}

function answered(
  request: GatewayRequest,
  answer: Awaited<ReturnType<typeof answerXmlCall>>,
  tools: TokenHeaders,
): Answered {
  const { content, status, token, storeId, use, ...facts } = answer
  const headers = headersOf(answer, tools)
  return {
    reply: Array.isArray(content)
      ? xmlReply(request, { status, content, headers })
      : headers
        ? besides(content, headers)
        : content,
    // A caller may write anything into a path, the token too: only the documented ones are logged.
    facts: {
      route: routes.get(request.path)?.path ?? 'other',
      store: storeId ?? token?.storeId,
      partner: token?.partnerId,
      tokenId: token?.tokenId,
      ...facts,
    },
    use,
  }
}

/** Of a token that is known alone: who holds no text learns nothing. */
function headersOf(
  { token, cause, outcome, storeId }: Awaited<ReturnType<typeof answerXmlCall>>,
  tools: TokenHeaders,
): Record<string, string> | null {
  if (!token || outcome === 'failed') return null
  if (!cause) return headersOfAccepted(token, tools)
  return headersOfRefused(token, { cause, namesStore: storeId === token.storeId }, tools)
}

/** What the engine says of its own answer stays. */
function besides(reply: StreamedReply, headers: Record<string, string>): StreamedReply {
  const ours = Object.entries(headers).filter(
    ([name]) => name === 'Link' || valuesOf(reply.rawHeaders, name.toLowerCase()).length === 0,
  )
  return { ...reply, rawHeaders: [...reply.rawHeaders, ...ours.flat()] }
}

type XmlAnswer = { status: number; content: Xml[]; headers: Record<string, string> | null }

function xmlReply({ requestId }: GatewayRequest, { status, content, headers }: XmlAnswer): Reply {
  return {
    status,
    contentType: 'text/xml; charset=utf-8',
    body: responseDocument(requestId, content),
    ...(status === 503 ? { headers: { 'Retry-After': '1' } } : headers && { headers }),
  }
}
