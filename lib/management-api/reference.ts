import type { ApiDocument } from './openapi.ts'

/** A field of JSON, by its path: `results[].outcome`. */
export type Field = {
  name: string
  /** As people read it: `text`, `one of: a, b`, or the name of a schema. */
  type: string
  /** The schema that its type names. */
  schema: string | null
  isRequired: boolean
  description: string | null
}
export type Reference = {
  operations: {
    id: string
    method: string
    path: string
    summary: string
    /** For whom it is. */
    access: string
    parameters: (Field & { in: string })[]
    body: Field[]
    example: string | null
    answer: Field[]
    refusals: { status: string; names: string[] }[]
  }[]
  webhooks: { type: string; summary: string; chosenWith: string; body: Field[] }[]
  schemas: { name: string; description: string | null; fields: Field[] }[]
}

/** What of a schema is shown. */
type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  const?: unknown
  enum?: unknown[]
  description?: string
  default?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  additionalProperties?: Schema | boolean
}

type Parameter = { name: string; in: string; required?: boolean; schema: Schema }

/** The document as a page shows it: each body as one list of fields. */
export function referenceOf(document: ApiDocument): Reference {
  const { schemas = {}, parameters = {} } = document.components ?? {}
  const resolved = (part: object) => ('$ref' in part ? parameters[nameOf(`${part.$ref}`)] : part) as Parameter
  const json = (part: unknown) =>
    (part as { content?: Record<string, { schema?: Schema; example?: unknown }> } | undefined)?.content?.[
      'application/json'
    ]
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (['get', 'post'] as const).flatMap((method) => {
      const operation = item[method]
      if (!operation) return []
      const { operationId = '', summary = '', description = '', responses = {} } = operation
      const body = json(operation.requestBody)
      return {
        ...{ id: operationId, method: method.toUpperCase(), path, summary, access: description },
        parameters: (operation.parameters ?? []).map((one) => {
          const { name, in: place, required = false, schema } = resolved(one)
          return { ...fieldOf(name, schema, required), in: place }
        }),
        body: body?.schema ? fieldsOf(body.schema) : [],
        example: body?.example === undefined ? null : JSON.stringify(body.example, null, 2),
        answer: fieldsOf(json(responses['200'])?.schema ?? {}),
        refusals: Object.entries(responses).flatMap(([status, response]) => {
          const said = '$ref' in response ? document.components?.responses?.[nameOf(response.$ref)] : response
          const names = [...`${(said as { description?: string }).description}`.matchAll(/^- `([a-z-]+)`/gm)]
          return names.length > 0 ? [{ status, names: names.map(([, name = '']) => name) }] : []
        }),
      }
    }),
  )
  return {
    operations,
    webhooks: Object.entries(document.webhooks ?? {}).map(([type, item]) => {
      const { summary = '', description = '', requestBody } = (item as { post: Operation }).post
      return { type, summary, chosenWith: description, body: fieldsOf(json(requestBody)?.schema ?? {}) }
    }),
    schemas: Object.entries(schemas as Record<string, Schema>).map(([name, schema]) => ({
      ...{ name, description: schema.description ?? null, fields: fieldsOf(schema) },
    })),
  }
}

type Operation = NonNullable<NonNullable<ApiDocument['paths']>[string]['post']>

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)

/** Of a schema that is one of the document's own there is one field without a name. */
function fieldsOf(schema: Schema, prefix = ''): Field[] {
  if (schema.$ref) return [fieldOf('', schema, true)]
  if (schema.oneOf) return variantsOf(schema).flatMap((one) => fieldsOf(one, prefix))
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) => {
    const isRequired = schema.required?.includes(name) ?? false
    const path = `${prefix}${name}`
    const [inner, suffix] = insideOf(of)
    return [
      fieldOf(path, of, isRequired),
      ...variantsOf(inner).flatMap((one) => fieldsOf(one, `${path}${suffix}.`)),
    ]
  })
}

/** Several forms of an object: their fields one after the other, each once. */
function variantsOf(schema: Schema): Schema[] {
  if (!schema.oneOf) return schema.properties ? [schema] : []
  const properties = schema.oneOf.flatMap((one) => Object.entries(one.properties ?? {}))
  const merged = Map.groupBy(properties, ([name]) => name)
  return [
    {
      properties: Object.fromEntries(
        [...merged].map(([name, found]) => {
          const values = found.flatMap(([, { const: value }]) => (value === undefined ? [] : [value]))
          return [name, values.length > 0 ? { enum: values } : (found[0]?.[1] ?? {})]
        }),
      ),
      required: [...merged]
        .filter(([, found]) => found.length === schema.oneOf?.length)
        .map(([name]) => name),
    },
  ]
}

/** What may be null, or is a list, is shown by what is in it. */
function insideOf(schema: Schema): [inner: Schema, suffix: string] {
  const some = schema.anyOf?.find(({ type }) => type !== 'null')
  if (some) return insideOf(some)
  if (!schema.items) return [schema, '']
  const [inner, suffix] = insideOf(schema.items)
  return [inner, `[]${suffix}`]
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): Field {
  const { description = null } = schema
  return { name, ...typeOf(schema), isRequired, description }
}

function typeOf(schema: Schema): Pick<Field, 'type' | 'schema'> {
  if (schema.$ref) return { type: nameOf(schema.$ref), schema: nameOf(schema.$ref) }
  const some = orNull(schema)
  if (some) {
    const { type, schema: named } = typeOf(some)
    return { type: `${type}, or null`, schema: named }
  }
  if (schema.items) {
    const { type, schema: named } = typeOf(schema.items)
    return { type: `list of ${type}`, schema: named }
  }
  return { type: plainType(schema), schema: null }
}

/** What it is where it is not null; undefined: it is never null. */
function orNull({ anyOf, type, ...schema }: Schema): Schema | undefined {
  if (Array.isArray(type) && type.includes('null'))
    return { ...schema, type: type.filter((one) => one !== 'null').join() }
  return anyOf?.find(({ type }) => type !== 'null')
}

function plainType({ const: only, enum: values, type, format, default: usual }: Schema): string {
  const usually = usual === undefined || typeof usual === 'object' ? '' : `; usually ${usual}`
  if (only !== undefined) return `“${only}”`
  if (values) return `${values.join(' | ')}${usually}`
  switch (format) {
    case 'uuid':
      return 'id'
    case 'date-time':
      return 'time'
    case 'date':
      return 'day'
    case 'uri':
      return 'address'
  }
  switch (type) {
    case 'string':
      return `text${usually}`
    case 'integer':
      return `whole number${usually}`
    case 'boolean':
      return 'true | false'
    default:
      return `${type ?? 'any'}`
  }
}
