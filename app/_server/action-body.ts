import type { IncomingMessage } from 'node:http'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { IsKnownAction } from './known-actions.ts'

/** Whether a request may be an action: Next reads its body before it knows, and takes what it cannot read for a failure of ours. */
export function mayBeAction({ headers }: IncomingMessage): boolean {
  return headers['next-action'] !== undefined || isMultipart(headers['content-type'])
}

/** `unreadable`: neither a form nor what Next's client sends. `out-of-date`: a form of another build, with what was typed. */
export type ActionBodyRefusal = { kind: 'unreadable' } | { kind: 'out-of-date'; typed: [string, string][] }

/** Reads what a form or Next's client sends with an action, as far as it shows before the action is carried out. */
export async function readActionBody(
  { headers }: IncomingMessage,
  body: Buffer,
  isKnownAction: IsKnownAction,
): Promise<Result<void, ActionBodyRefusal>> {
  const unreadable = refuse({ kind: 'unreadable' } as const)
  const isScripted = headers['next-action'] !== undefined
  const type = headers['content-type'] ?? ''
  if (!isMultipart(type)) return isJson(body.toString('utf8')) ? ok(undefined) : unreadable
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null)
  if (!form || (isScripted && !form.has('0'))) return unreadable
  const isReadable = [...form].every(([name, value]) => {
    // A script sends its parts as JSON under numbers; a form says which action it is for, and its state, under these names.
    if (isScripted && /^\d+$/.test(name)) return typeof value !== 'string' || isJson(value)
    const reference = /^\$ACTION_REF_(.*)$/s.exec(name)
    if (reference) return isDescribed(form.get(`$ACTION_${reference[1]}:0`))
    return !/^\$ACTION_\d+:\d+$/.test(name) || (typeof value === 'string' && isJson(value))
  })
  if (!isReadable) return unreadable
  // Next tells its own client of an action that it does not have.
  if (isScripted || actionsOf(form).every(isKnownAction)) return ok(undefined)
  const typed = [...form].filter((field): field is [string, string] => typeof field[1] === 'string')
  return refuse({ kind: 'out-of-date', typed })
}

/** Which actions a form is for: by a name of its own, or described under one. */
function actionsOf(form: FormData): string[] {
  return [...form].flatMap(([name, value]) => {
    const id = /^\$ACTION_ID_(.*)$/s.exec(name)?.[1]
    if (id !== undefined) return [id]
    if (!/^\$ACTION_\d+:0$/.test(name)) return []
    return [/"id":"([0-9a-f]+)"/.exec(String(value))?.[1] ?? '']
  })
}

function isDescribed(value: FormDataEntryValue | null): boolean {
  return typeof value === 'string' && /"id":"[0-9a-f]{20,100}"/.test(value) && isJson(value)
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
