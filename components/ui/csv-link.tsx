/** The list that is shown as a file, all of it. No link of Next's: a file is no page. */
export function CsvLink({ href, className = '' }: { href: string; className?: string }) {
  return (
    <a
      href={href}
      className={`py-1 text-[13px] text-accent underline underline-offset-4 max-sm:py-3 print:hidden ${className}`}
    >
      Download CSV
    </a>
  )
}
