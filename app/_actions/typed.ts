/**
 * What stood in a field, to be shown again where it was refused: '' for a field that was not there or holds a file.
 * Never what a schema reads: a schema gets the field itself, and says what is wrong with it.
 */
export function typedAgain(form: FormData, name: string, maxLength: number): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.slice(0, maxLength) : ''
}

/** The texts of all fields of a name. */
export function textsIn(form: FormData, name: string): string[] {
  return form.getAll(name).filter((value) => typeof value === 'string')
}
