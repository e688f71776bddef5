import type { IncomingMessage } from 'node:http'

/** Whether a request may be an action: Next reads its body before it knows, and takes what it cannot read for a failure of ours. */
export function mayBeAction({ headers }: IncomingMessage): boolean {
  return headers['next-action'] !== undefined || isMultipart(headers['content-type'])
}

/** Whether a body is what a form or Next's client sends with an action, as far as that shows before it is carried out. */
export async function isActionBody({ headers }: IncomingMessage, body: Buffer): Promise<boolean> {
  const isScripted = headers['next-action'] !== undefined
  const type = headers['content-type'] ?? ''
  if (!isMultipart(type)) return isJson(body.toString('utf8'))
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null)
  if (!form) return false
  if (isScripted && !form.has('0')) return false
  return [...form].every(([name, value]) => {
    // A script sends its parts as JSON under numbers; a form says which action it is for, and its state, under these names.
    if (isScripted && /^\d+$/.test(name)) return typeof value !== 'string' || isJson(value)
    const reference = /^\$ACTION_REF_(.*)$/s.exec(name)
    if (reference) return isDescribed(form.get(`$ACTION_${reference[1]}:0`))
    return !/^\$ACTION_\d+:\d+$/.test(name) || (typeof value === 'string' && isJson(value))
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
