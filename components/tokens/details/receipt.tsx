'use client'

import { Button } from '../../ui/button.tsx'
import { Copied } from '../../ui/copied.tsx'
import { useScripting } from '../../ui/scripting.ts'

/** What can be shown to others of a revocation or a pause: a text to be copied, and the page on paper. @param id of its field, on a page. */
export function Receipt({ id, text }: { id: string; text: string }) {
  const hasScripting = useScripting()
  return (
    <details className="mt-1 text-sm print:hidden">
      <summary className="w-fit text-accent underline underline-offset-4 pointer-coarse:py-2.5">
        Receipt to copy or print
      </summary>
      <div className="mt-2 grid gap-2">
        <Copied id={id} label="Receipt" text={text} />
        {hasScripting && (
          <p>
            <Button onClick={() => window.print()}>Print this page</Button>
          </p>
        )}
      </div>
    </details>
  )
}
