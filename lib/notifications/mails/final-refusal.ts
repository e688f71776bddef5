/** The enhanced code of a final answer (RFC 3463), such as `5.1.1` in `550 5.1.1 No such user`. A 4xx is none, whatever follows. */
const enhancedCode = /^5\d\d[ -](\d\.\d{1,3}\.\d{1,3})\b/

/**
 * Servers say under codes of the recipient what is wrong with the sender, such as Postfix (5.1.0), that there is too much mail (5.2.1), or that
 * they could not look somebody up.
 */
const aboutOthers =
  /\b(sender|return[- ]path|from|rate|too (many|much)|quota|try again|later|helo|ehlo|spam|relay\w*|black ?list\w*|block\w*|gr[ae]y ?list\w*|denied|reputation|your|auth\w*|temporar\w*|time[ds]?[- ]?out|connect\w*|unverified|unavailable|fail\w*|dns|ldap|database|back-?end|credentials?|internal|maintenance|overload\w*|down|unknown error)\b/i

/** What a server says of a recipient whom there is not, or no more. Whatever else stands under such a code is tried again. */
const saysWhoIsMissing =
  /\bno such\b|\bno (mailbox|user|account|recipient)\b|unknown|(does|did|do|is|was|could|can)(n['\u2019]?t| ?not)( be)? (a |an )?(exist|found|known|valid|recogni[sz]ed)|\bnot (exist|found|known|a (known|valid))|non-?existent|invalid|\bbad (destination|address|recipient|mailbox)|disabled|inactive|deactivated|\bmoved\b|null mx|no longer|\bclosed\b/i

/**
 * What is wrong with this recipient, and stays wrong: the mailbox or its host does not exist, is disabled, or its address
 * cannot be one. Of the other codes 5.1.x, 5.1.7 and 5.1.8 are about the sender.
 */
const aboutRecipient = /^5\.(1\.(0|1|2|3|4|6|10)|2\.1)$/

/**
 * Whether a mail server refused this mail's recipient for good. A full mailbox, a quota, a sender or a relay that is not
 * allowed, a policy, spam, or a 5xx that does not say that there is nobody can be mended within the days in which we try.
 */
export function isFinalRefusal(error: unknown): boolean {
  const { code, command, response } = error as { code?: string; command?: string; response?: string }
  // Not a mail server said so: what stands there is no address at all.
  if (code === 'EENVELOPE' && command === 'API') return true
  if (command !== 'RCPT TO' && command !== 'DATA') return false
  const text = withoutAddresses(response ?? '')
  if (aboutOthers.test(text) || !saysWhoIsMissing.test(text)) return false
  return aboutRecipient.test(enhancedCode.exec(response ?? '')?.[1] ?? '')
}

/** A mailbox may be called `sender`. */
function withoutAddresses(response: string): string {
  return response.replace(/\S+@\S+/g, '')
}
