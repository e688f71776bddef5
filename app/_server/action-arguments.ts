import { boundPartySchema } from '../bound-party.ts'

/** The parts of a form that describe the arguments of an action, as React writes them: JSON under a number. */
export type Models = Map<string, unknown>

/** Deeper than anything that a page of ours sends; React reads deeper text until its stack ends. */
const maxDepth = 40
const maxArguments = 6

/**
 * Whether React reads the arguments without failing and an action of ours can be called with them: a text, or a store or
 * partner, that is bound to the form, the state before it, and the form itself at the end. What React can write besides
 * (streams, sets, functions of the server…) no page of ours sends.
 * @param most how many arguments the action has; more is not read.
 */
export function areArguments(
  value: unknown,
  models: Models,
  form: 'at the end' | 'apart',
  most: number,
): boolean {
  if (!Array.isArray(value)) return false
  const before = form === 'at the end' ? value.slice(0, -1) : value
  if (form === 'at the end' && !/^\$K[0-9a-f]{1,8}$/.test(String(value.at(-1)))) return false
  if (before.length + 1 !== most) return false
  const bound = before.slice(0, -1)
  if (!bound.every(isBound)) return false
  const others = [...models.values()].filter((model) => model !== value)
  return [before, ...others].every((model) => isModel(model, models, 0))
}

/** `7f…`: its first byte says which of the arguments an action takes (Next's server-reference-info). */
export function argumentsOf(actionId: string): number {
  const mask = (Number.parseInt(actionId.slice(0, 2), 16) >> 1) & 0x3f
  const last = mask.toString(2).padStart(maxArguments, '0').lastIndexOf('1')
  return last + 1
}

function isBound(value: unknown): boolean {
  if (typeof value === 'string') return isPlainText(value)
  const party = boundPartySchema.safeParse(value)
  return party.success && Object.values(party.data).every(isPlainText)
}

const isPlainText = (text: string) => !text.startsWith('$') || text.startsWith('$$')

function isModel(value: unknown, models: Models, depth: number): boolean {
  if (depth > maxDepth) return false
  if (typeof value === 'string') return isText(value, models)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every((one) => isModel(one, models, depth + 1))
}

function isText(text: string, models: Models): boolean {
  if (isPlainText(text) || text === '$undefined') return true
  if (text.startsWith('$D')) return !Number.isNaN(Date.parse(text.slice(2)))
  return /^\$[0-9a-f]{1,8}(:|$)/.test(text) && leadsSomewhere(text, models)
}

/** A reference to an object: the number of a part in hexadecimals, and the names on the way from there. */
function leadsSomewhere(reference: string, models: Models): boolean {
  const [part = '', ...way] = reference.slice(1).split(':')
  let at = models.get(String(Number.parseInt(part, 16)))
  for (const name of way) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false
    at = (at as Record<string, unknown>)[name]
  }
  return typeof at === 'object' && at !== null
}
