import type { Api } from '#lib/tokens/model/policy.ts'
import { apiNames } from '../tokens/words.ts'

const what: Record<Api, string> = {
  order: 'Read orders and change their status',
  payment: 'Read payments and their transactions',
  catalog: 'Read and change what the store sells',
}

type Props = {
  legend: string
  ticked: readonly Api[]
  /** The id of what says that the ticks are wrong. */
  problemId?: string | undefined
}

/** The checkboxes for what a partner may call, sent as `api`. */
export function ApiTicks({ legend, ticked, problemId }: Props) {
  return (
    <fieldset aria-describedby={problemId} className="grid gap-2">
      <legend className="mb-2 text-sm font-medium">{legend}</legend>
      {(Object.keys(apiNames) as Api[]).map((api) => (
        <div
          key={api}
          className="flex items-start gap-3 rounded-lg border border-control px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="checkbox"
            id={`api-${api}`}
            name="api"
            value={api}
            defaultChecked={ticked.includes(api)}
            aria-describedby={`api-${api}-what`}
            className="mt-0.5 size-[18px] shrink-0"
          />
          <div className="min-w-0">
            <label htmlFor={`api-${api}`} className="font-medium">
              {apiNames[api]}
            </label>
            <p id={`api-${api}-what`} className="text-[13px] text-soft">
              {what[api]}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  )
}
