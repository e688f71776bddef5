import { answerTokenRequest } from '#app/_actions/back-in-service.ts'
import { boundParty } from '#app/bound-party.ts'
import { apiSettingsPath, tokenRequestsPath } from '#app/paths.ts'
import { RequestForms } from '#components/back-in-service/request-form.tsx'
import { Link } from '#components/ui/link.tsx'
import { mayChangeTokens } from '#lib/access/actor.ts'
import type { MerchantActor } from '#lib/access/actors.ts'
import { openRequests } from '#lib/back-in-service/requests.ts'
import { getDatabase } from '#lib/process/database.ts'
import { RequestText } from './request-text.tsx'

const shown = 3

/** What partners that were cut off ask of the store, above its lists, to be answered there. @param partnerId the page's only partner. */
export async function RequestBanner({ actor, partnerId }: { actor: MerchantActor; partnerId?: string }) {
  const found = await openRequests(actor, { partnerId, limit: shown }, { db: getDatabase() })
  const requests = found.slice(0, shown)
  // Its place stays when the last one is answered: what came of that is said here.
  return (
    <section
      aria-label="Requests for new tokens"
      className="mb-5 rounded-[10px] bg-accent-soft px-3.5 py-3 [&:not(:has(li,[role]))]:hidden"
    >
      <RequestForms
        action={answerTokenRequest.bind(null, boundParty(actor))}
        tokens={mayChangeTokens(actor) ? apiSettingsPath(actor.storeId) : null}
        requests={requests.map((request) => ({
          id: request.id,
          partnerName: request.partnerName,
          mayDecline: true,
          children: <RequestText request={request} />,
        }))}
      />
      {requests.length > 0 && (
        <p className="mt-2 text-sm">
          {!mayChangeTokens(actor) && 'Answering takes an owner or an administrator. '}
          <Link href={tokenRequestsPath(actor.storeId)} className="underline underline-offset-4">
            {found.length > shown ? 'More requests' : 'All requests'}
          </Link>
        </p>
      )}
    </section>
  )
}
