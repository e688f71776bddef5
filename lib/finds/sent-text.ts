import { ok, type Result, refuse } from '../result.ts'
import { decodedText } from '../text/decoded-text.ts'
import { maxTextBytes } from './limits.ts'

/**
 * `nothing`: neither a text nor a file. `both`: of a line nobody would know in which of them it stands. `too-large`: more than {@link maxTextBytes}.
 * `not-text`: a packed file, or something else that is none. `unreadable`: no form of ours.
 */
export type TextRefusal = 'nothing' | 'both' | 'too-large' | 'not-text' | 'unreadable'

/** The text of a form: pasted, or of a file. Browsers send line breaks of a text area as two characters each. */
export async function sentText(pasted: unknown, file: unknown): Promise<Result<string, TextRefusal>> {
  const typed = typeof pasted === 'string' ? pasted.replaceAll('\r\n', '\n') : ''
  const isTyped = typed.trim() !== ''
  // Browsers send a file without a name where none was chosen.
  if (!(file instanceof Blob) || file.size === 0) {
    if (!isTyped) return refuse('nothing')
    return Buffer.byteLength(typed) > maxTextBytes ? refuse('too-large') : ok(typed)
  }
  if (isTyped) return refuse('both')
  if (file.size > maxTextBytes) return refuse('too-large')
  const text = decodedText(new Uint8Array(await file.arrayBuffer()))
  return text.ok && text.value.trim() === '' ? refuse('nothing') : text
}
