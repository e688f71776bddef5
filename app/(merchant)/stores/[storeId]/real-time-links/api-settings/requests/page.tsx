import type { Metadata, Route } from 'next'
import { answerTokenRequest, changeTokenConsent } from '#app/_actions/back-in-service.ts'
import { RequestText } from '#app/_back-in-service/request-text.tsx'
import { StoreLine } from '#app/(merchant)/stores/[storeId]/store-line.tsx'
import { storeOfPage } from '#app/(merchant)/stores/[storeId]/store-of-page.ts'
import { boundParty } from '#app/bound-party.ts'
import { apiSettingsPath, crumbsTo, tokenRequestsPath } from '#app/paths.ts'
import { AnsweredRequests } from '#components/back-in-service/answered-requests.tsx'
import { ConsentCard } from '#components/back-in-service/consent-form.tsx'
import { RequestForms } from '#components/back-in-service/request-form.tsx'
import { Person } from '#components/people/person.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import { consentOf } from '#lib/back-in-service/consent.ts'
import { listRequests } from '#lib/back-in-service/requests.ts'
import { firstOfEach } from '#lib/http/paging.ts'
import { getDatabase } from '#lib/process/database.ts'

export const metadata: Metadata = { title: 'Requests for new tokens' }

type Props = PageProps<'/stores/[storeId]/real-time-links/api-settings/requests'>

/** What partners that were cut off have asked the store for, and whether they have to ask. */
export default async function TokenRequestsPage({ params, searchParams }: Props) {
  const { actor, store } = await storeOfPage((await params).storeId)
  const db = getDatabase()
  const { after, before } = firstOfEach(await searchParams)
  const [page, consent] = await Promise.all([
    listRequests(actor, { after, before }, { db }),
    consentOf(actor, { db }),
  ])
  const mayAnswer = mayChangeTokens(actor)
  const isAnswerable = ({ state, isOpen }: (typeof page.rows)[number]) =>
    isOpen && (state === 'asked' || state === 'declined')
  const open = page.rows.filter(isAnswerable)
  const rest = page.rows.filter((request) => !isAnswerable(request))
  const list = tokenRequestsPath(store.id)
  return (
    <>
      <PageHeader path={crumbsTo('requests', store.id)} title="Requests for new tokens">
        <StoreLine store={store} />
      </PageHeader>
      <div className="grid max-w-3xl gap-5">
        <Card className="grid gap-3 p-5" aria-labelledby="open-requests">
          <h2 id="open-requests" className="font-semibold">
            Waiting for you
          </h2>
          <div>
            <RequestForms
              action={answerTokenRequest.bind(null, boundParty(actor))}
              tokens={mayAnswer ? apiSettingsPath(store.id) : null}
              requests={open.map((request) => ({
                id: request.id,
                partnerName: request.partnerName,
                mayDecline: request.state === 'asked',
                children: (
                  <>
                    <RequestText request={request} />
                    {request.state === 'declined' && (
                      <p className="text-sm text-soft">
                        Declined
                        {request.answeredByName && (
                          <>
                            {' '}
                            by <Person name={request.answeredByName} email={request.answeredByEmail} />
                          </>
                        )}
                        . It can still be issued.
                      </p>
                    )}
                  </>
                ),
              }))}
            />
            {open.length === 0 && (
              <p className="text-soft">
                No partner asks for a new token. One may after all its tokens were revoked at once.
              </p>
            )}
          </div>
          {open.length > 0 && !mayAnswer && (
            <p className="text-sm text-soft">Answering takes an owner or an administrator.</p>
          )}
        </Card>
        {rest.length > 0 && <AnsweredRequests requests={rest} tokens={apiSettingsPath(store.id)} />}
        {(page.previous || page.next) && (
          <nav aria-label="Pages" className="flex flex-wrap justify-between gap-3">
            {page.previous ? (
              <ButtonLink href={`${list}?before=${page.previous}` as Route}>Previous page</ButtonLink>
            ) : (
              <span />
            )}
            {page.next && <ButtonLink href={`${list}?after=${page.next}` as Route}>Next page</ButtonLink>}
          </nav>
        )}
        <ConsentCard
          action={changeTokenConsent.bind(null, boundParty(actor))}
          consent={consent}
          mayChange={actor.role === 'owner'}
        />
      </div>
    </>
  )
}
