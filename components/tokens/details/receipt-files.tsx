import type { ReceiptSubject } from '#lib/receipts/receipt.ts'

export type ReceiptFile = { subject: ReceiptSubject; href: string }

const names: Record<ReceiptSubject, string> = { revocation: 'of the revocation', proof: 'of the proof' }

/** What can be checked without us, to be kept or sent on; nothing where there is none. */
export function ReceiptFiles({ files }: { files: ReceiptFile[] }) {
  if (files.length === 0) return null
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 text-sm print:hidden">
      <span className="text-soft">Receipt that is checked without us:</span>
      {files.map(({ subject, href }) => (
        <a
          key={subject}
          href={href}
          download
          className="text-accent underline underline-offset-4 pointer-coarse:py-2.5"
        >
          {names[subject]}
        </a>
      ))}
    </p>
  )
}
