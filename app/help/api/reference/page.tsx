import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ownOrigin } from '#app/_auth/request-origin.ts'
import { Operations, Schemas, SentWebhooks } from '#components/help/api-reference.tsx'
import { inlineLink } from '#components/help/help-page.tsx'
import { apiHelpPath, helpPath } from '#components/help/help-path.ts'
import { QuestionsPage } from '#components/help/questions-page.tsx'
import { Link } from '#components/ui/link.tsx'
import { describeApi, documentPath } from '#lib/management-api/openapi.ts'
import { referenceOf } from '#lib/management-api/reference.ts'

export const metadata: Metadata = { title: 'Management API: reference' }

const parts = {
  reading: 'Reading',
  changing: 'Changing',
  webhooks: 'Webhooks',
  schemas: 'What answers have in them',
} as const

export default async function ApiReferencePage() {
  const { operations, webhooks, schemas } = referenceOf(describeApi(await ownOrigin()))
  const of = (method: string) => operations.filter((operation) => operation.method === method)
  const answers: Record<keyof typeof parts, ReactNode> = {
    reading: <Operations operations={of('GET')} />,
    changing: <Operations operations={of('POST')} />,
    webhooks: (
      <>
        <p>
          The body of what is posted to an endpoint of yours, by its type.{' '}
          <Link href={helpPath('merchant', 'webhooks')} className={inlineLink}>
            How to see that it comes from here
          </Link>
        </p>
        <SentWebhooks webhooks={webhooks} />
      </>
    ),
    schemas: <Schemas schemas={schemas} />,
  }
  return (
    <QuestionsPage
      title="Management API: reference"
      lead={
        <>
          Every address with what it takes and what it answers. For generators of clients:{' '}
          <a href={`/api/v1${documentPath}`} className={inlineLink}>
            OpenAPI 3.1
          </a>
          . How to begin stands in{' '}
          <Link href={apiHelpPath()} className={inlineLink}>
            Management API
          </Link>
          .
        </>
      }
      questions={parts}
      answers={answers}
    />
  )
}
