const space = '[ \\t\\r\\n]'
const value = `${space}*=${space}*(?:"[\\w.-]+"|'[\\w.-]+')`
const optional = (name: string) => `(?:${space}+${name}${value})?`
/** XML 1.0, production 23; a blank line before it, and no version in it, as clients send it. */
const declaration = new RegExp(
  `^${space}*<\\?xml${optional('version')}(${optional('encoding')})${optional('standalone')}${space}*\\?>`,
)

export type Declaration = {
  /** Of the text, in characters, with what stands before it. */
  length: number
  /** As it is written. */
  encoding: string | undefined
}

/** The XML declaration that a text begins with. `undefined` is no word that there is none: see `readXml`. */
export function readDeclaration(text: string): Declaration | undefined {
  const found = declaration.exec(text)
  return found ? { length: found[0].length, encoding: /["'](.+)["']/.exec(found[1] ?? '')?.[1] } : undefined
}
