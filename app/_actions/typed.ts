/**
 * What stood in a field, to be shown again where it was refused: '' for a field that was not there or holds a file.
 * Never what a schema reads: a schema gets the field itself, and says what is wrong with it.
 */
export function typedAgain(form: FormData, name: string, maxLength: number): string {
  return textOf(form.get(name), maxLength)
}

/** The same of what is read already. */
export function textOf(value: FormDataEntryValue | null | undefined, maxLength: number): string {
  return typeof value === 'string' ? value.slice(0, maxLength) : ''
}

/** The texts of all fields of a name. */
export function textsIn(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === 'string')
}

/**
 * The day of a calendar with shortcuts. Without scripts a shortcut does not change the calendar: it is meant where the calendar was
 * left as proposed.
 */
export function chosenDay(form: FormData): FormDataEntryValue | undefined {
  const [until, shortcut] = [form.get('until'), form.get('lifetime')]
  return (shortcut !== null && until === form.get('proposed') ? shortcut : until) ?? undefined
}
