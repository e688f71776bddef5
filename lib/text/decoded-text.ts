import { ok, type Result, refuse } from '../result.ts'

const marks: [bytes: number[], encoding: string][] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/**
 * The text of a file in UTF-8, or in UTF-16 with its mark, as some programs of Windows write it. What is wrong in it is left out of no
 * line. Refuses what is no text, such as a packed file: by the zero bytes in it.
 */
export function decodedText(bytes: Uint8Array): Result<string, 'not-text'> {
  const [, encoding = 'utf-8'] = marks.find(([mark]) => mark.every((byte, n) => bytes[n] === byte)) ?? []
  const text = new TextDecoder(encoding).decode(bytes)
  return text.includes('\0') ? refuse('not-text') : ok(text)
}
