type Typed = { path: string; fields: [name: string, value: string][] }

const key = 'typed before the page was loaded anew'
let last: Typed | undefined

/** Remembers what stands in a form that is being sent, but for passwords, files and what nobody typed. */
export function rememberTyped(form: HTMLFormElement): void {
  const secret = new Set(
    [...form.querySelectorAll<HTMLInputElement>('[type=password],[type=hidden],[type=file]')].map(
      ({ name }) => name,
    ),
  )
  const fields = [...new FormData(form)].filter(
    (field): field is [string, string] => typeof field[1] === 'string' && !secret.has(field[0]),
  )
  last = { path: location.pathname, fields }
}

/** Takes it over a full load of the page. */
export function keepTyped(): void {
  if (last?.path === location.pathname) sessionStorage.setItem(key, JSON.stringify(last))
}

/** Puts it back; whether there was any. */
export function restoreTyped(): boolean {
  const stored = sessionStorage.getItem(key)
  if (stored === null) return false
  sessionStorage.removeItem(key)
  const { path, fields }: Typed = JSON.parse(stored)
  if (path !== location.pathname) return false
  for (const [name, value] of fields) {
    for (const control of document.querySelectorAll(`form [name="${CSS.escape(name)}"]`)) fill(control, value)
  }
  return true
}

function fill(control: Element, value: string): void {
  if (control instanceof HTMLInputElement && ['checkbox', 'radio'].includes(control.type)) {
    if (control.value === value && !control.checked) control.click()
    return
  }
  if (control instanceof HTMLInputElement && ['password', 'hidden', 'file'].includes(control.type)) return
  const isField =
    control instanceof HTMLInputElement ||
    control instanceof HTMLTextAreaElement ||
    control instanceof HTMLSelectElement
  if (!isField) return
  // Past React's own setter, which would take it for no change.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), 'value')?.set?.call(control, value)
  control.dispatchEvent(new Event('input', { bubbles: true }))
  control.dispatchEvent(new Event('change', { bubbles: true }))
}
