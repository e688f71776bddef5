'use client'

import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { AppearanceState } from './account-actions.ts'

const themes = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
}

const attempt = { undone: 'Nothing was saved', again: 'try again' }

type Props = {
  save: FormAction<AppearanceState>
  appearance: { theme: keyof typeof themes; keys: 'on' | 'off' }
}

/** The colours of the pages, and whether `/` and `?` do something. */
export function AppearanceForm({ save, appearance }: Props) {
  const form = useForm(save)
  const { state, submit, pending, outcome } = form
  return (
    // Fields keep the default that they began with: the key makes them take what was saved.
    <form
      action={submit}
      method="post"
      key={`${appearance.theme} ${appearance.keys}`}
      className="mt-4 grid max-w-md gap-4"
    >
      {state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={outcome}>
          Colours and keys are saved.
        </Notice>
      )}
      <FormProblem form={form} attempt={attempt} own={{}} />
      <fieldset>
        <legend className="text-sm font-medium">Colours</legend>
        <div className="mt-1 flex flex-wrap gap-x-5">
          {Object.entries(themes).map(([theme, label]) => (
            <label key={theme} className="flex min-h-9 items-center gap-2 max-sm:min-h-11">
              <input
                type="radio"
                name="theme"
                value={theme}
                defaultChecked={theme === appearance.theme}
                className="size-4"
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      <div>
        <label className="flex min-h-9 items-center gap-2 text-sm font-medium max-sm:min-h-11">
          <input
            type="checkbox"
            name="keys"
            value="on"
            defaultChecked={appearance.keys === 'on'}
            aria-describedby="keys-hint"
            className="size-4"
          />
          Single keys
        </label>
        <p id="keys-hint" className="text-[13px] text-soft">
          <kbd className="font-mono">/</kbd> goes to the search of a list, <kbd className="font-mono">?</kbd>{' '}
          shows the keys. Switch it off where they are pressed by mistake, for example by speech input.
        </p>
      </div>
      <div>
        <Button type="submit" disabled={pending}>
          Save colours and keys
        </Button>
      </div>
    </form>
  )
}
