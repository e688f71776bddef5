import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { ok, type Result, refuse } from '#lib/result.ts'
import { areArguments, argumentsOf, type Models } from './action-arguments.ts'
import type { IsKnownAction } from './known-actions.ts'

/** Whether a request may be an action: Next reads its body before it knows, and takes what it cannot read for a failure of ours. */
export function mayBeAction({ headers }: IncomingMessage): boolean {
  return headers['next-action'] !== undefined || isMultipart(headers['content-type'])
}

/** `unreadable`: neither a form nor what Next's client sends. `out-of-date`: a form of another build, with what was typed. */
export type ActionBodyRefusal = { kind: 'unreadable' } | { kind: 'out-of-date'; typed: [string, string][] }

/** A form of ours has some hundreds at most: of a choice of tokens. */
const mostParts = 5_000

/**
 * Reads what a form or Next's client sends with an action: what React could not read, and arguments that no action of ours
 * takes, do not come near it.
 */
export async function readActionBody(
  { headers }: IncomingMessage,
  body: Buffer,
  isKnownAction: IsKnownAction,
): Promise<Result<void, ActionBodyRefusal>> {
  const unreadable = refuse({ kind: 'unreadable' } as const)
  const actionId = headers['next-action']
  const type = headers['content-type'] ?? ''
  // All of ours are forms. What another build calls is refused by Next, with its own words.
  if (!isMultipart(type)) return isKnownAction(String(actionId)) ? unreadable : ok(undefined)
  if (hasEncodedParts(body, type)) return unreadable
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null)
  if (!form || [...form].length > mostParts) return unreadable
  if (actionId !== undefined) {
    const models = modelsOf(form, '')
    const called = String(actionId)
    if (!models?.has('0')) return unreadable
    if (!isKnownAction(called)) return ok(undefined)
    const given = models.get('0')
    return areArguments(given, models, 'at the end', argumentsOf(called)) ? ok(undefined) : unreadable
  }
  const actions = actionsOf(form)
  if (!actions) return unreadable
  if (actions.length === 0) return ok(undefined)
  if (actions.every(({ id }) => isKnownAction(id))) {
    const [{ id, bound, models }, ...others] = actions as [NamedAction, ...NamedAction[]]
    const isReadable = others.length === 0 && areArguments(bound, models, 'apart', argumentsOf(id))
    return isReadable ? ok(undefined) : unreadable
  }
  const typed = [...form].filter((field): field is [string, string] => typeof field[1] === 'string')
  return refuse({ kind: 'out-of-date', typed })
}

/** The parts under numbers, behind a prefix; undefined where one is no JSON, or stands there twice. */
function modelsOf(form: FormData, prefix: string): Models | undefined {
  const models: Models = new Map()
  for (const [name, value] of form) {
    const number = name.slice(prefix.length)
    if (!name.startsWith(prefix) || !/^\d+$/.test(number)) continue
    if (models.has(number) || typeof value !== 'string' || !isJson(value)) return undefined
    models.set(number, JSON.parse(value))
  }
  return models
}

type NamedAction = { id: string; bound: unknown; models: Models }

/** Which actions a form is for: by a name of its own, or described under one. Undefined where a description cannot be read. */
function actionsOf(form: FormData): NamedAction[] | undefined {
  const actions: NamedAction[] = []
  for (const name of form.keys()) {
    const id = /^\$ACTION_ID_(.*)$/s.exec(name)?.[1]
    if (id !== undefined) actions.push({ id, bound: [], models: new Map() })
    const reference = /^\$ACTION_REF_(.*)$/s.exec(name)?.[1]
    if (reference === undefined) continue
    const models = modelsOf(form, `$ACTION_${reference}:`)
    const description = descriptionSchema.safeParse(models?.get('0'))
    if (!models || !description.success) return undefined
    const { id: described, bound } = description.data
    models.delete('0')
    const part = bound === null ? undefined : String(Number.parseInt(bound.slice(2), 16))
    actions.push({ id: described, bound: part === undefined ? [] : models.get(part), models })
  }
  return actions
}

/** As React describes an action with what is bound to it. */
const descriptionSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{20,100}$/),
  bound: z
    .string()
    .regex(/^\$@[0-9a-f]{1,8}$/)
    .nullable(),
})

/** Browsers and Next's client never encode a part, and React fails on one that is. */
function hasEncodedParts(body: Buffer, type: string): boolean {
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1]
  if (boundary === undefined) return false
  const parts = body.toString('latin1').split(`--${boundary}\r\n`).slice(1)
  return parts.some((part) => /^content-transfer-encoding:/im.test(part.split('\r\n\r\n', 1)[0] ?? ''))
}

function isMultipart(type: string | undefined): boolean {
  return /^\s*multipart\/form-data\s*(;|$)/i.test(type ?? '')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
