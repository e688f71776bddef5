import { domainToASCII } from 'node:url'
import readAddresses from 'nodemailer/lib/addressparser'
import { cutEnds, isUnseen } from '../text/cut-ends.ts'
import { holdsToken } from '../text/token-in-text.ts'
import { maxEmailLength } from './limits.ts'

const maxLocalLength = 64

/** RFC 5322, dot-atom; letters and digits of all scripts (RFC 6531). Nothing that mail programs read as something else. */
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\p{L}\\p{M}\\p{N}]+"
const local = new RegExp(`^${atom}(\\.${atom})*$`, 'u')
/** RFC 1035, 2.3.4 */
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
/** What mail programs decode, so that they read another address in it (RFC 2047). */
const encodedWord = /=\?.*\?=/
const domain = new RegExp(`^(${label}\\.)*(?!\\d+$)${label}$`)

/**
 * The one way in which an e-mail address is read and written, in `users` and everywhere: in lower case, the domain in ASCII as mail
 * servers have it (`xn--…`), unseen characters cut at both ends. Null where it cannot be an address, where a mailer would
 * send to another one, and for characters that stand for others: full-width letters, the sign for kelvin, soft hyphens.
 */
export function canonicalEmail(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > 2 * maxEmailLength) return null
  const text = cutEnds(typed, isUnseen)
  if (!text.isWellFormed() || holdsToken(text) || [...text].some(standsForOthers)) return null
  const [mailbox = '', host = '', ...rest] = text.toLowerCase().normalize('NFC').split('@')
  if (rest.length > 0 || !local.test(mailbox) || encodedWord.test(mailbox)) return null
  const asciiHost = asciiOf(host)
  if (!asciiHost) return null
  const email = `${mailbox}@${asciiHost}`
  if (Buffer.byteLength(mailbox) > maxLocalLength || Buffer.byteLength(email) > maxEmailLength) return null
  return isSentToUnchanged(email) ? email : null
}

/** Of several characters that look or count the same, only the usual one is taken: a mailbox is one member. */
function standsForOthers(character: string): boolean {
  return character.normalize('NFKC') !== character || /\p{Default_Ignorable_Code_Point}/u.test(character)
}

/** Null where the labels are not those of a host that mail can be sent to. */
function asciiOf(host: string): string | null {
  // What is ASCII stays as it is: the function would make an address of 0x7f.1 and cut at a slash.
  const ascii = /^[\p{ASCII}]*$/u.test(host)
    ? host
    : /[^\p{L}\p{M}\p{N}.-]/u.test(host)
      ? ''
      : domainToASCII(host)
  return domain.test(ascii) ? ascii : null
}

function isSentToUnchanged(email: string): boolean {
  const [only, ...others] = readAddresses(email)
  return others.length === 0 && only !== undefined && 'address' in only && only.address === email
}
