import type { Answered, Endpoint, GatewayRequest } from '../server/endpoint.ts'
import type { Reply } from '../server/reply.ts'
import { routes } from './routes.ts'
import { responseDocument, type Xml } from './xml/write.ts'
import { answerXmlCall, failure, unreadable, type XmlCallTools } from './xml-call.ts'

export type XmlApiTools = XmlCallTools

/** The store's XML API: every address that is nothing else. */
export function createXmlApi(tools: XmlApiTools): Endpoint {
  return async (request) => answered(request, await answer(request, tools))
}

async function answer(request: GatewayRequest, tools: XmlApiTools) {
  const { body } = request
  if (!body) return unreadable('too-large')
  return answerXmlCall({ ...request, body }, tools).catch((error: unknown) => failure(500, error))
}

function answered(request: GatewayRequest, answer: Awaited<ReturnType<typeof answerXmlCall>>): Answered {
  const { content, status, token, storeId, use, ...facts } = answer
  return {
    reply: Array.isArray(content) ? xmlReply(request, status, content) : content,
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

function xmlReply({ requestId }: GatewayRequest, status: number, content: Xml[]): Reply {
  return {
    status,
    contentType: 'text/xml; charset=utf-8',
    body: responseDocument(requestId, content),
    ...(status === 503 && { headers: { 'Retry-After': '1' } }),
  }
}
