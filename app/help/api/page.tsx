import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { inlineLink, Points, Steps } from '#components/help/help-page.tsx'
import { apiReferencePath } from '#components/help/help-path.ts'
import { QuestionsPage } from '#components/help/questions-page.tsx'
import { Link } from '#components/ui/link.tsx'
import { keptAnswerHours, requestLimit } from '#lib/credentials/limits.ts'
import { mostTokens } from '#lib/management-api/changes.ts'
import { mostRows, usualRows } from '#lib/management-api/parameters.ts'
import { problems } from '#lib/management-api/problems.ts'
import { apiRoutes } from '#lib/management-api/routes.ts'
import { ownOrigin } from '../../_auth/request-origin.ts'

export const metadata: Metadata = { title: 'Management API' }

/** Each part by its anchor. Names of problems are anchors too: their types lead here. */
const parts = {
  start: 'How does a program begin?',
  addresses: 'What can it ask?',
  changes: 'How does it change tokens?',
  lists: 'How does it read a long list?',
  limits: 'How often may it ask?',
  problems: 'What does a refusal mean?',
} as const

export default async function HelpForProgramsPage() {
  const answers: Record<keyof typeof parts, ReactNode> = {
    start: <Start origin={await ownOrigin()} />,
    addresses: <Addresses />,
    changes: <Changes origin={await ownOrigin()} />,
    lists: <Lists />,
    limits: <Limits />,
    problems: <Problems />,
  }
  return (
    <QuestionsPage
      title="Management API"
      lead="For programs of stores and partners that look after tokens. Calls to stores have another API."
      questions={parts}
      answers={answers}
    />
  )
}

function Start({ origin }: { origin: string }) {
  return (
    <>
      <Steps>
        <li>
          An owner opens <strong>Members</strong>, then <strong>Service credentials</strong>, and makes one:
          what the program may do, when it ends, and from which addresses it is accepted.
        </li>
        <li>
          Its text begins with <code>ptsc_</code> and is shown once. Put it where the program keeps its
          secrets, and nowhere else: not in source code, not in an address, not in a log.
        </li>
        <li>The program sends it with each request.</li>
      </Steps>
      <Code>{`curl -sS ${origin}/api/v1/tokens?show=expiring -H "Authorization: Bearer $CREDENTIAL"`}</Code>
      <Points>
        <li>A partner access token, which begins with 1.0_, opens nothing here.</li>
        <li>
          A credential sees what its store or partner sees. What belongs to others does not exist for it.
        </li>
        <li>
          It ends on its day, and cannot be prolonged: make a new one, put it into the program, then revoke
          the old one. Owners are mailed before.
        </li>
        <li>Has somebody else seen it? Revoke it on the same page: each further request is refused.</li>
      </Points>
    </>
  )
}

function Addresses() {
  return (
    <>
      <ul className="grid gap-3">
        {apiRoutes.map(({ method, path, scope, operationId, summary }) => (
          <li key={`${method} ${path}`} className="grid gap-0.5">
            <code className="font-mono text-sm wrap-anywhere">
              <a href={`${apiReferencePath}#${operationId}`} className="text-accent hover:underline">
                {method} /api/v1{path}
              </a>
            </code>
            <span>
              {summary}{' '}
              <span className="text-soft">{scope === null ? 'Any credential.' : `Needs: ${scope}.`}</span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        The{' '}
        <Link href={apiReferencePath} className={inlineLink}>
          reference
        </Link>{' '}
        has every field of what is sent and answered, and leads to the OpenAPI document, of which generators
        make clients.
      </p>
      <p>
        The parameters of <code>/tokens</code> are those in the address of the list: narrow a list in the
        browser, and take what stands behind the question mark. Such as <code>show=expiring</code>,{' '}
        <code>quiet=90</code>, <code>use=not-used</code>, <code>mark=renewed</code>,{' '}
        <code>search=harbor</code>, <code>sort=-created</code>; with <code>show=ended</code> also{' '}
        <code>reason=exposed</code> and <code>by=partner</code>. What is not understood is refused: nothing is
        listed that was not meant.
      </p>
    </>
  )
}

function Changes({ origin }: { origin: string }) {
  return (
    <>
      <p>
        A change is a POST with JSON. Where <code>tokenIds</code> is, it names up to{' '}
        {mostTokens.toLocaleString('en')} tokens, and the answer says of each what became of it, in the same
        order. One that is not yours is <code>not-found</code>.
      </p>
      <Code>{`curl -sS ${origin}/api/v1/tokens/renew \\
  -H "Authorization: Bearer $CREDENTIAL" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '{"tokenIds": ["…"], "oldTokens": {"end": "at-first-use"}}'`}</Code>
      <Points>
        <li>
          Each change has an <code>Idempotency-Key</code> of its own. Where no answer came, send the same
          request with the same key: it is done once, and answered as the first time, for {keptAnswerHours}{' '}
          hours.
        </li>
        <li>
          Renewing takes <code>expiresAt</code> (one year from now, unless it says otherwise) and{' '}
          <code>oldTokens</code>, whose <code>end</code> is <code>at-expiry</code>, <code>at-first-use</code>{' '}
          (of the new token), or <code>on-date</code> with <code>at</code>.
        </li>
        <li>
          A collected text comes once, in that answer and in no other. Where the answer was lost, renew again.
          Collect as many as you can put in their places at once: all of a request are handed out together.
        </li>
        <li>
          Revoking takes <code>reason</code>, <code>note</code> with the reason <code>other</code>, and{' '}
          <code>extent</code>: <code>with-siblings</code> ends every other token of the same partners for the
          same stores as well. The answer names those that go on working.
        </li>
        <li>
          Pausing takes <code>until</code>, <code>endsAs</code> (<code>resumed</code> or <code>revoked</code>
          ), <code>reason</code> and <code>note</code>.
        </li>
        <li>
          A plan is made of all live tokens that a list has. Read it, then confirm it with its hash of what is
          to be done: the credential needs the scope of that as well.
        </li>
        <li>
          A cut-off takes <code>of</code>: <code>pair</code> with <code>otherId</code>, or{' '}
          <code>everything</code>; and <code>name</code>, what the store or partner is called whose tokens
          end.
        </li>
        <li>Both sides see what it did, under the name of the credential.</li>
      </Points>
    </>
  )
}

function Lists() {
  return (
    <>
      <p>
        <code>limit</code> says how many rows an answer has: {usualRows}, unless it says otherwise, and{' '}
        {mostRows.toLocaleString('en')} at most. <code>next</code> in the answer is the cursor of the next
        page: send it as <code>after</code>, with the same filters, until it is null.
      </p>
      <p>
        Each answer has an <code>ETag</code>. Send it back in <code>If-None-Match</code>: where nothing has
        changed, the answer is 304, without a body.
      </p>
    </>
  )
}

function Limits() {
  const { points, windowMinutes } = requestLimit
  return (
    <p>
      {points} requests in {windowMinutes === 1 ? 'a minute' : `${windowMinutes} minutes`}, four at once, for
      each credential. <code>RateLimit</code> in each answer says how many are left (<code>r</code>) and in
      how many seconds they are there again (<code>t</code>). Whoever asks too often is answered 429, with{' '}
      <code>Retry-After</code>.
    </p>
  )
}

function Problems() {
  return (
    <>
      <p>
        A refusal is <code>application/problem+json</code>. Its <code>type</code> leads to one of these, and
        its <code>detail</code> says what to do.
      </p>
      <dl className="grid gap-3">
        {Object.entries(problems).map(([name, { status, title, advice }]) => (
          <div key={name} id={name} className="scroll-mt-6 rounded-lg target:bg-accent-soft">
            <dt className="wrap-anywhere">
              <code className="font-mono text-sm">{name}</code> <span className="text-soft">{status}</span>
            </dt>
            <dd className="text-sm">
              {title}. {advice}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Code({ children }: { children: string }) {
  return (
    <pre className="rounded-lg border border-line bg-ground p-3 font-mono text-[13px] whitespace-pre-wrap wrap-anywhere">
      {children}
    </pre>
  )
}
