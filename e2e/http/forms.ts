import { DomUtils, parseDocument } from 'htmlparser2'
import { ok, type Result, refuse } from '#lib/result.ts'

export type SentForm = [name: string, value: string][]

type Asked = {
  url: string
  cookie: string
  button: string
  /** Where several forms of one kind stand on the page; else the button must be the only one. */
  of?: 'several'
}

/** The fields of the form of a button, as a browser without JavaScript would send them. */
export async function fieldsOfForm(asked: Asked): Promise<SentForm> {
  const response = await open(asked.url, asked.cookie)
  const fields = fieldsIn(await response.text(), asked)
  if (!fields.ok) throw new Error(`${fields.refusal} on ${asked.url} (${response.status})`)
  return fields.value
}

/** The same, of a page that was fetched already. */
export function fieldsIn(html: string, asked: Pick<Asked, 'button' | 'of'>): Result<SentForm, string> {
  const page = parseDocument(html)
  const buttons = DomUtils.getElementsByTagName('button', page).filter((one) => nameOf(one) === asked.button)
  const [button] = buttons
  if (!button || (buttons.length > 1 && asked.of !== 'several')) {
    return refuse(`${buttons.length} buttons “${asked.button}”`)
  }
  const form = formOf(button, page)
  if (!form) return refuse(`the button “${asked.button}” has no form`)
  const controls = DomUtils.getElementsByTagName((name) => /^(input|select|textarea)$/.test(name), page)
  return ok(controls.filter((control) => formOf(control, page) === form).flatMap(valuesOf))
}

/** What people read of a page: its scripts hold what a dialog is to say if all goes well. */
export function readableIn(html: string): string {
  const page = parseDocument(html)
  for (const script of DomUtils.getElementsByTagName('script', page)) DomUtils.removeElement(script)
  return DomUtils.textContent(page)
}

/**
 * Whether the last characters of a token stand in a page, in what a client fetches or in a file. As a word of their own:
 * four characters may also come by chance inside of an id or a nonce.
 */
export function showsLast(text: string, last: string): boolean {
  return new RegExp(`(?<![\\w+/=-])${last}(?![\\w+/=-])`).test(text)
}

/** Takes the cookies of an address that leads on: the link of a mail does so, and its page needs them. */
async function open(url: string, cookie: string): Promise<Response> {
  const response = await fetch(url, { headers: cookie ? { cookie } : {}, redirect: 'manual' })
  const location = response.headers.get('location')
  if (response.status !== 303 || location === null) return response
  const set = response.headers.getSetCookie().map((one) => one.split(';', 1)[0])
  return open(new URL(location, url).href, [cookie, ...set].filter(Boolean).join('; '))
}

type Page = ReturnType<typeof parseDocument>
type Element = ReturnType<typeof DomUtils.getElementsByTagName>[number]

const nameOf = (button: Element) =>
  button.attribs['aria-label'] ?? DomUtils.textContent(button).replaceAll(/\s+/g, ' ').trim()

/** The one that it names, or else the one that it stands in. */
function formOf(control: Element, page: Page): Element | null {
  const { form } = control.attribs
  if (form !== undefined) return DomUtils.getElementById(form, page)
  return ancestorsOf(control).find(({ name }) => name === 'form') ?? null
}

function ancestorsOf(element: Element): Element[] {
  const { parent } = element
  return parent && 'attribs' in parent ? [parent, ...ancestorsOf(parent)] : []
}

function valuesOf(control: Element): SentForm {
  const { name, value, type } = control.attribs
  const isDisabled = [control, ...ancestorsOf(control)].some(({ attribs }) => 'disabled' in attribs)
  if (!name || isDisabled) return []
  if (control.name === 'textarea') return [[name, DomUtils.textContent(control).replace(/^\n/, '')]]
  if (control.name === 'select') return [[name, chosenOf(control)]]
  if (type === 'submit' || type === 'button') return []
  if (type === 'checkbox' || type === 'radio') {
    return 'checked' in control.attribs ? [[name, value ?? 'on']] : []
  }
  return [[name, value ?? '']]
}

function chosenOf(select: Element): string {
  const options = DomUtils.getElementsByTagName('option', select)
  const chosen = options.find(({ attribs }) => 'selected' in attribs) ?? options[0]
  if (!chosen) throw new Error(`nothing can be chosen in ${select.attribs.name}`)
  return chosen.attribs.value ?? DomUtils.textContent(chosen)
}

/** Sends a form as a browser without JavaScript does. */
export function post(url: string, form: SentForm, from: { cookie: string; origin?: string }) {
  return send(url, from, { body: formDataOf(form) })
}

/**
 * Sends a form as Next's client does where there is JavaScript: the action is named in a header, and what is bound to
 * it comes first in the list of its arguments.
 */
export function postAsClient(url: string, form: SentForm, from: { cookie: string; origin?: string }) {
  const fieldNamed = (pattern: RegExp) => form.find(([name]) => pattern.test(name))?.[1]
  const named = fieldNamed(/^\$ACTION_\d+:0$/)
  if (!named) throw new Error('the form names no action')
  const { id } = JSON.parse(named) as { id: string }
  const bound = JSON.parse(fieldNamed(/^\$ACTION_\d+:1$/) ?? '[]') as unknown[]
  const typed = form.filter(([name]) => !name.startsWith('$ACTION'))
  const body = formDataOf([
    ...typed.map(([name, value]): [string, string] => [`_1_${name}`, value]),
    ['0', JSON.stringify([...bound, '$K1'])],
  ])
  return send(url, from, { body, headers: { 'next-action': id, accept: 'text/x-component' } })
}

type Sent = { body: FormData; headers?: Record<string, string> }

function send(url: string, from: { cookie: string; origin?: string }, { body, headers }: Sent) {
  const { cookie, origin = new URL(url).origin } = from
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...headers, ...(cookie && { cookie }), origin },
    body,
  })
}

function formDataOf(form: SentForm): FormData {
  const body = new FormData()
  for (const [name, value] of form) body.append(name, value)
  return body
}

export function changed(form: SentForm, from: string, to: string): SentForm {
  return form.map(([name, value]) => [name, value.replaceAll(from, to)])
}

/** The form of the revoke dialog with a reason chosen. */
export const confirmed = (form: SentForm): SentForm => [
  ...form.filter(([name]) => name !== 'reason'),
  ['reason', 'exposed'],
]
