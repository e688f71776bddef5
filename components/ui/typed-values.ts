export type Interruption = 'out-of-date' | 'proof'
type Typed = { path: string; form: string; fields: [name: string, value: string][] }
type Kept = Typed & { by: Interruption }

const key = 'typed before the page was left'
let last: Typed | undefined

/** Remembers what stands in a form that is being sent, but for what is secret, files and what nobody typed. */
export function rememberTyped(form: HTMLFormElement): void {
  const kept = new Set(controlsOf(form).map(({ name }) => name))
  const fields = [...new FormData(form)].filter(
    (field): field is [string, string] => typeof field[1] === 'string' && kept.has(field[0]),
  )
  last = { path: location.pathname, form: signOf(form), fields }
}

/** Takes it over to the page at `path`, whatever is loaded or shown between. */
export function keepTyped(by: Interruption, path: string): void {
  if (last?.path !== path) return
  sessionStorage.setItem(key, JSON.stringify({ ...last, by } satisfies Kept))
  last = undefined
}

/** Puts it back, once, where the page shown is the one it was typed on. @returns what had come between; null: nothing is kept. */
export function restoreTyped(): Interruption | null {
  const stored = sessionStorage.getItem(key)
  if (stored === null) return null
  const { path, form: sign, fields, by }: Kept = JSON.parse(stored)
  // On the way to a proof and back.
  if (location.pathname === '/prove') return null
  sessionStorage.removeItem(key)
  if (path !== location.pathname) return null
  fillForm(sign, fields)
  return by
}

/** Puts back what stood in the form that was sent last, where it is still shown and was emptied. */
export function typeAgain(): void {
  if (last?.path === location.pathname) fillForm(last.form, last.fields)
}

function fillForm(sign: string, fields: Typed['fields']): void {
  const form = [...document.forms].find((one) => signOf(one) === sign)
  for (const control of form ? controlsOf(form) : []) {
    fill(
      control,
      fields.filter(([name]) => name === control.name).map(([, value]) => value),
    )
  }
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** What people fill in, without what is secret. */
function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (control): control is Control =>
      (control instanceof HTMLTextAreaElement ||
        control instanceof HTMLSelectElement ||
        (control instanceof HTMLInputElement &&
          !['hidden', 'password', 'file', 'submit', 'button'].includes(control.type))) &&
      control.name !== '' &&
      !/password|secret|code/i.test(control.name),
  )
}

/** Tells the forms of a page apart: those that a list repeats differ in whom or what they are about. */
function signOf(form: HTMLFormElement): string {
  const about = [...form.elements].flatMap((control) =>
    control instanceof HTMLInputElement && control.type === 'hidden' && /^(verb|.*Id)$/.test(control.name)
      ? [`${control.name}=${control.value}`]
      : [],
  )
  return JSON.stringify([about, [...new Set(controlsOf(form).map(({ name }) => name))]])
}

function fill(control: Control, values: string[]): void {
  if (control instanceof HTMLInputElement && ['checkbox', 'radio'].includes(control.type)) {
    const isWanted = values.includes(control.value)
    // A radio button goes out when another one is chosen.
    if (control.checked !== isWanted && (isWanted || control.type === 'checkbox')) control.click()
    return
  }
  const [value] = values
  if (value === undefined) return
  // Past React's own setter, which would take it for no change.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), 'value')?.set?.call(control, value)
  control.dispatchEvent(new Event('input', { bubbles: true }))
  control.dispatchEvent(new Event('change', { bubbles: true }))
}
