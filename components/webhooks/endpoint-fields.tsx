import { maxUrlLength } from '#lib/webhooks/limits.ts'
import { Field } from '../ui/field.tsx'
import type { SentEndpoint } from './webhook-actions.ts'
import { allKinds, kindWords } from './words.ts'

type Props = {
  id: string
  value: SentEndpoint
  problem: { of: 'url' | 'kinds'; describedBy: string } | null
}

/** Where to, and of what. */
export function EndpointFields({ id, value, problem }: Props) {
  return (
    <>
      <Field
        id={`${id}-url`}
        label="Address"
        name="url"
        type="url"
        inputMode="url"
        required
        maxLength={maxUrlLength}
        placeholder="https://example.com/webhooks"
        defaultValue={value.url}
        aria-invalid={problem?.of === 'url' ? true : undefined}
        aria-describedby={problem?.of === 'url' ? problem.describedBy : undefined}
      />
      <fieldset aria-describedby={problem?.of === 'kinds' ? problem.describedBy : undefined}>
        <legend className="mb-1 text-sm font-medium">Events</legend>
        <div className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
          {allKinds.map((kind) => (
            <label key={kind} className="flex items-start gap-2.5 py-1">
              <input
                type="checkbox"
                name="kinds"
                value={kind}
                defaultChecked={value.kinds.includes(kind)}
                className="mt-0.5 size-4.5 shrink-0 accent-accent"
              />
              <span className="min-w-0">
                {kindWords[kind]}
                <span className="block font-mono text-xs text-soft wrap-anywhere">{kind}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  )
}
