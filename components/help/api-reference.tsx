import type { ReactNode } from 'react'
import type { Field, Reference } from '#lib/management-api/reference.ts'
import { inlineLink } from './help-page.tsx'
import { apiHelpPath } from './help-path.ts'

type Operation = Reference['operations'][number]

/** Addresses of the management API, each with what it takes and what it answers. */
export function Operations({ operations }: { operations: Operation[] }) {
  return (
    <ul className="grid gap-2">
      {operations.map((operation) => (
        <li key={operation.id}>
          <Part
            id={operation.id}
            name={
              <>
                <span className="text-soft">{operation.method}</span> /api/v1{operation.path}
              </>
            }
            summary={operation.summary}
          >
            <p>
              <Words>{operation.access}</Words>
            </p>
            <Fields
              title="Parameters"
              fields={operation.parameters.map(({ in: place, ...field }) => ({
                ...field,
                type: place === 'header' ? `header, ${field.type}` : field.type,
              }))}
              requirement="shown"
            />
            <Fields title="Body" fields={operation.body} requirement="shown" />
            {operation.example !== null && (
              <Section title="Such as">
                <pre className="rounded-lg border border-line bg-ground p-3 font-mono text-[13px] whitespace-pre-wrap wrap-anywhere">
                  {operation.example}
                </pre>
              </Section>
            )}
            <Fields title="Answer" fields={operation.answer} />
            {operation.refusals.length > 0 && <Refusals refusals={operation.refusals} />}
          </Part>
        </li>
      ))}
    </ul>
  )
}

/** What endpoints are sent. */
export function SentWebhooks({ webhooks }: { webhooks: Reference['webhooks'] }) {
  return (
    <ul className="grid gap-2">
      {webhooks.map(({ type, summary, chosenWith, body }) => (
        <li key={type}>
          <Part id={`webhook-${type}`} name={type} summary={summary}>
            <p>
              <Words>{chosenWith}</Words>
            </p>
            <Fields title="Body" fields={body} />
          </Part>
        </li>
      ))}
    </ul>
  )
}

/** What several answers have in them. */
export function Schemas({ schemas }: { schemas: Reference['schemas'] }) {
  return (
    <ul className="grid gap-2">
      {schemas.map(({ name, description, fields }) => (
        <li key={name}>
          <Part id={`schema-${name}`} name={name} summary={description}>
            <Fields title="Fields" fields={fields} />
          </Part>
        </li>
      ))}
    </ul>
  )
}

function Part({
  id,
  name,
  summary,
  children,
}: {
  id: string
  name: ReactNode
  summary: string | null
  children: ReactNode
}) {
  return (
    <details id={id} className="scroll-mt-6 rounded-lg border border-line target:border-accent">
      <summary className="px-3 py-2.5">
        <code className="font-mono text-sm font-medium wrap-anywhere">{name}</code>
        {summary && <span className="mt-0.5 block text-sm text-soft">{summary}</span>}
      </summary>
      <div className="grid gap-4 border-line border-t p-3 text-sm">{children}</div>
    </details>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-1.5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  )
}

/** @param requirement whether it is said of each that it is needed: of what a program sends. */
function Fields({ title, fields, requirement }: { title: string; fields: Field[]; requirement?: 'shown' }) {
  if (fields.length === 0) return null
  return (
    <Section title={title}>
      <dl className="grid">
        {fields.map((field) => (
          <div
            key={field.name}
            className="grid gap-x-4 gap-y-0.5 border-line border-t py-1.5 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]"
          >
            <dt className="font-mono text-[13px] wrap-anywhere">{field.name || 'the body'}</dt>
            <dd className="grid gap-0.5">
              <span className="wrap-anywhere">
                <span className="text-soft">
                  {field.schema === null ? (
                    field.type
                  ) : (
                    <a href={`#schema-${field.schema}`} className={`${inlineLink} inline-block py-0.5`}>
                      {field.type}
                    </a>
                  )}
                </span>
                {requirement && field.isRequired && (
                  <>
                    {' '}
                    <strong className="font-medium">needed</strong>
                  </>
                )}
              </span>
              {field.description && (
                <span>
                  <Words>{field.description}</Words>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Refusals({ refusals }: Pick<Operation, 'refusals'>) {
  return (
    <Section title="Refusals">
      <dl className="grid gap-1">
        {refusals.map(({ status, names }) => (
          <div key={status} className="grid grid-cols-[3rem_minmax(0,1fr)]">
            <dt className="py-1 text-soft">{status}</dt>
            <dd className="flex flex-wrap gap-x-3 font-mono text-[13px]">
              {names.map((name) => (
                <a key={name} href={apiHelpPath(name)} className={`${inlineLink} py-1`}>
                  {name}
                </a>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

/** What stands between backticks is code. */
function Words({ children }: { children: string }) {
  return children.split('`').map((part, n) =>
    n % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <code key={n} className="font-mono text-[13px] wrap-anywhere">
        {part}
      </code>
    ),
  )
}
