import { oneLine } from '../../text/one-line.ts'

/** In an address that a mail program makes a link of, a scheme, an @ or a host stands. */
const withScheme = /[a-z0-9+.-]*:\/\/\S*/giu
/** Those that need no `//`, as programs read them. */
const withShortScheme =
  /(?<![\p{L}\p{N}])(https?|ftps?|mailto|tel|callto|smsto|sms|sip|xmpp|skype|javascript|data|file):\S+/giu
const ownMachine = /(?<![\p{L}\p{N}-])localhost(?![\p{L}\p{N}-])\S*/giu
const ipv6InBrackets = /\[[\da-f.]*:[\da-f.]*:[\da-f.:]*\]\S*/giu
const withAt = /\S*[@\uff20\ufe6b]\S*/gu
const ofTheWeb = /www\.\S*/giu
const ipAddress = /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?(\/\S*)?/g
/**
 * The dot of `name.example`, not that of `Inc.`, `St. John` or `1.0`. Also those dots that a resolver reads as one. A host may begin with a
 * picture.
 */
const dotInHost = /(?<=[^\s.\u2026])[.\u3002\uff0e\uff61\u2024](?=[\p{L}][\p{L}\p{M}\p{N}_-])/gu
const unseen = /[\p{Default_Ignorable_Code_Point}]/gu
const quotationMarks =
  /["\u201c-\u201f\u00ab\u00bb\u2033\u301d-\u301f\uff02\u275d-\u275e\u2760\u{1f676}-\u{1f678}]/gu

const maxName = 60
const maxNote = 200

/** The name of a person, a store or a partner, as its members chose it: short, marked as theirs, and no address to follow. */
export function quotedName(name: string): string {
  return `“${withoutAddresses(name, maxName)}”`
}

/** What somebody wrote, the same way. */
export function quotedNote(note: string): string {
  return `“${withoutAddresses(note, maxNote)}”`
}

/** How the reader is greeted: by the own name, in which somebody else may have had a hand. */
export function greetedName(name: string): string {
  return withoutAddresses(name, maxName)
}

function withoutAddresses(text: string, maxLength: number): string {
  const plain = text
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(withScheme, '…')
    .replace(withShortScheme, '…')
    .replace(ownMachine, '…')
    .replace(ipv6InBrackets, '…')
    .replace(withAt, '…')
    .replace(ofTheWeb, '…')
    .replace(ipAddress, '…')
    .replace(dotInHost, ' ')
    .replace(quotationMarks, "'")
  return oneLine(plain, maxLength)
}
