export const securityTxtPath = '/.well-known/security.txt'

export type SecurityTxt = {
  /** `mailto:` or `https:`, the one that is liked best first. */
  contacts: string[]
  expires: Date
  /** Where it stands; null: by whatever name people come. */
  origin: string | null
}

/** How to report a weakness (RFC 9116). */
export function securityTxt({ contacts, expires, origin }: SecurityTxt): string {
  const lines = [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires.toISOString().replace(/\.\d{3}Z$/, 'Z')}`,
    'Preferred-Languages: en',
    ...(origin ? [`Canonical: ${origin}${securityTxtPath}`] : []),
  ]
  return `${lines.join('\n')}\n`
}
