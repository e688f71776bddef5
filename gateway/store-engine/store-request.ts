import { ok, type Result, refuse } from '#lib/result.ts'
import type { Field } from '../store-api/envelope.ts'
import type { XmlElement } from '../store-api/xml/element.ts'
import type { EngineRefusal, StoreCall } from './store-engine.ts'

type StoreRequest = {
  verb: 'get' | 'update' | 'create'
  resources: [XmlElement, ...XmlElement[]]
}

/** What every request of the guide has: POST, one of three verbs, a resource. Refuses with 10002, 10001 and 10003. */
export function readStoreRequest({ request, envelope }: StoreCall): Result<StoreRequest, EngineRefusal> {
  if (request.method !== 'POST') return refuse({ code: 10002, detail: 'method' })
  const { verb, resources } = envelope
  if (!isVerb(verb)) return refuse(10001)
  const [first, ...others] = resources
  return first ? ok({ verb, resources: [first, ...others] }) : refuse(10003)
}

function isVerb(verb: Field): verb is StoreRequest['verb'] {
  return verb === 'get' || verb === 'update' || verb === 'create'
}
