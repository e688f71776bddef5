import { maxFoundAtLength, maxTypedLength, maxWordsLength } from '#lib/leaks/limits.ts'
import { ArrivalNotice } from '../ui/arrival-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

const control = 'w-full rounded-lg border border-control bg-ground px-3 py-2 text-ink'

/**
 * A form as browsers send it, without scripts. The name of its text is that of a secret: what remembers what people typed leaves it out.
 * @param refusal why nothing was reported, in a sentence.
 */
export function ReportForm({ action, refusal }: { action: string; refusal: string | null }) {
  return (
    <form action={action} method="post" encType="multipart/form-data" className="grid gap-4">
      {refusal && (
        <ArrivalNotice kind="danger" role="alert">
          <p>{refusal}</p>
        </ArrivalNotice>
      )}
      <div className="grid gap-1">
        <label htmlFor="text" className="text-sm font-medium">
          The token, or the text in which it stands
        </label>
        <textarea
          id="text"
          name="secretText"
          required
          rows={6}
          maxLength={maxTypedLength}
          aria-describedby="text-help"
          // Some browsers send what they check to a service.
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          className={`${control} font-mono text-[13px]`}
        />
        <p id="text-help" className="text-[13px] text-soft">
          A token begins with <code>1.0_</code> and has 53 characters. Of what you paste only what tells
          tokens apart is kept, and only until they were looked up.
        </p>
      </div>
      <Field
        id="foundAt"
        name="foundAt"
        type="url"
        maxLength={maxFoundAtLength}
        autoComplete="off"
        label="Where you found it (optional)"
        hint="The address of the page, such as https://example.com/log.txt. A token in it is taken out."
      />
      <div className="grid gap-1">
        <label htmlFor="words" className="text-sm font-medium">
          What its owner should know (optional)
        </label>
        <textarea
          id="words"
          name="words"
          rows={3}
          maxLength={maxWordsLength}
          aria-describedby="words-help"
          autoComplete="off"
          className={control}
        />
        <p id="words-help" className="text-[13px] text-soft">
          The store and the partner read it as the words of somebody whom they do not know. Do not write
          secrets or who you are: nobody can answer you.
        </p>
      </div>
      <p>
        <Button type="submit" look="primary" className="max-sm:min-h-11">
          Report
        </Button>
      </p>
    </form>
  )
}
