import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describeApi } from './openapi.ts'

const document = describeApi('https://tokens.example')

/** Knows what only OpenAPI has. */
const ajv = new Ajv2020({ allErrors: true, keywords: ['discriminator', 'example', 'components'] })
formats.default(ajv)

/** Of answers the document leaves open which fields come later: what comes today is all in it. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (typeof part !== 'object' || part === null) return part
  const copy = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]))
  const isObject = copy.type === 'object' && 'properties' in copy && !('additionalProperties' in copy)
  return isObject ? { ...copy, additionalProperties: false } : copy
}

const strict = closed(document) as { components: unknown; [part: string]: unknown }
const compiled = new Map<string, ValidateFunction>()

/** @param at where a schema stands in the document, such as `components`, `schemas`, `Token`. */
export function validatorOf(...at: string[]): ValidateFunction {
  const known = compiled.get(at.join(' '))
  if (known) return known
  const schema = at.reduce((part, name) => part[name] as typeof strict, strict)
  const made = ajv.compile({ ...schema, components: strict.components })
  compiled.set(at.join(' '), made)
  return made
}

type Answer = { status: number; headers: Headers; text: string }

/** What an answer has that the document does not say of it; null: nothing. */
export function undocumentedIn(path: string, method: 'get' | 'post', answer: Answer): string | null {
  const operation = document.paths?.[path]?.[method]
  if (!operation) return `${method} ${path} is not in the document`
  const status = `${answer.status}`
  const found = operation.responses?.[status]
  if (!found) return `${method} ${path} is not said to answer ${status}`
  const isShared = '$ref' in found
  const response = isShared
    ? document.components?.responses?.[`${found.$ref}`.replace('#/components/responses/', '')]
    : found
  if (!response || '$ref' in response) return `${found.$ref} leads nowhere`
  const unsaid = [...answer.headers.keys()].filter(
    (name) =>
      !['content-type', 'cache-control', 'vary', 'allow', 'x-accel-buffering'].includes(name) &&
      !Object.keys(response.headers ?? {}).some((said) => said.toLowerCase() === name),
  )
  if (unsaid.length > 0) return `${method} ${path} ${status} has the headers ${unsaid}`
  const type = answer.headers.get('content-type')?.split(';', 1)[0] ?? ''
  if (answer.text === '' && type !== 'application/x-ndjson')
    return response.content && status !== '304' ? 'there is no body' : null
  if (!response.content?.[type]) return `${method} ${path} ${status} is not said to be ${type}`
  if (type === 'text/csv') return null
  if (type === 'application/x-ndjson') {
    const isEntry = validatorOf('components', 'schemas', 'AuditEntry')
    const wrong = answer.text.split('\n').find((line) => line !== '' && !isEntry(JSON.parse(line)))
    return wrong === undefined ? null : `${path}: ${wrong}`
  }
  const body = JSON.parse(answer.text)
  const name = `${body.type ?? ''}`.replace(/^.*#/, '')
  if (type === 'application/problem+json' && !response.description?.includes(`\`${name}\``))
    return `${method} ${path} is not said to be refused with ${name}`
  const at = isShared ? `${found.$ref}`.slice(2).split('/') : ['paths', path, method, 'responses', status]
  const isValid = validatorOf(...at, 'content', type, 'schema')
  return isValid(body) ? null : `${method} ${path} ${status}: ${JSON.stringify(isValid.errors)}`
}
