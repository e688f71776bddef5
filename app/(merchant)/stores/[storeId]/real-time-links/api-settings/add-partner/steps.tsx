import type { ReactNode } from 'react'
import { addStorePartner, lookUpStorePartner } from '#app/_actions/access.ts'
import { accessPath, addPartnerPath, apiSettingsPath } from '#app/paths.ts'
import { AcceptForm } from '#components/partners/accept-form.tsx'
import { ApiTicks } from '#components/partners/api-ticks.tsx'
import { LookUpForm } from '#components/partners/look-up-form.tsx'
import { PartnerName } from '#components/partners/partner-name.tsx'
import { TermsOfService } from '#components/partners/terms-of-service.tsx'
import { apiList } from '#components/tokens/words.ts'
import { ArrivalNotice } from '#components/ui/arrival-notice.tsx'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { RefusalText } from '#components/ui/refusal-text.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Partner } from '#lib/partners/find-partner.ts'
import type { LookUpRefusal } from '#lib/partners/look-up-partner.ts'
import type { Api } from '#lib/tokens/model/policy.ts'

type Shared = { storeId: string; typed: string; ticked: Api[] }

export function PartnerStep({ storeId, typed, ticked, refusal }: Shared & { refusal: LookUpRefusal | null }) {
  return (
    <StepCard number={1} title="Which partner?">
      <LookUpForm
        // What an answer says of another ID is read out anew.
        key={`${typed} ${refusal?.kind}`}
        action={lookUpStorePartner.bind(null, { side: 'merchant', storeId })}
        typed={typed}
        ticked={ticked}
        isRefused={refusal !== null}
        cancelHref={apiSettingsPath(storeId)}
      >
        {refusal && (
          <ArrivalNotice kind="danger" role="alert" id="partner-problem">
            <LookUpRefusalText refusal={refusal} storeId={storeId} />
          </ArrivalNotice>
        )}
      </LookUpForm>
    </StepCard>
  )
}

export function ApisStep({
  storeId,
  partner,
  ticked,
  problem,
}: Shared & { partner: Partner; problem: 'none-ticked' | null }) {
  return (
    <StepCard number={2} title="Is this the partner, and what may it call?">
      {problem && (
        <ArrivalNotice kind="danger" role="alert" id="apis-problem">
          <p>Tick at least one API: a partner that may call nothing needs no access.</p>
        </ArrivalNotice>
      )}
      <p className="text-lg font-semibold">
        <PartnerName partner={partner} />
      </p>
      <p className="text-sm text-soft">
        Is this not the company that you deal with? Go back and check the Partner ID with it.
      </p>
      <form method="get" action={addPartnerPath(storeId)} className="grid gap-4">
        <input type="hidden" name="partner" value={partner.id} />
        <ApiTicks
          legend="APIs that it may call"
          ticked={ticked}
          problemId={problem ? 'apis-problem' : undefined}
        />
        <div className="flex flex-wrap gap-2.5">
          <Button type="submit" look="primary" name="step" value="terms">
            Next
          </Button>
          <Button type="submit" name="step" value="partner">
            Back
          </Button>
          <ButtonLink href={apiSettingsPath(storeId)}>Cancel</ButtonLink>
        </div>
      </form>
    </StepCard>
  )
}

export function TermsStep({ storeId, partner, ticked }: Shared & { partner: Partner }) {
  return (
    <StepCard number={3} title="Terms of service">
      <p>
        <PartnerName partner={partner} /> may call: <strong>{apiList(ticked)}</strong>. Its first token is
        valid for one year.
      </p>
      <TermsOfService />
      <div className="flex flex-wrap gap-2.5">
        <AcceptForm
          action={addStorePartner.bind(null, { side: 'merchant', storeId })}
          partnerId={partner.id}
          apis={ticked}
          accessHref={accessPath(storeId, partner.id)}
        />
        <form method="get" action={addPartnerPath(storeId)}>
          <input type="hidden" name="partner" value={partner.id} />
          <Ticks ticked={ticked} />
          <Button type="submit" name="step" value="apis">
            Back
          </Button>
        </form>
        <ButtonLink href={apiSettingsPath(storeId)}>Cancel</ButtonLink>
      </div>
    </StepCard>
  )
}

function StepCard({ number, title, children }: { number: 1 | 2 | 3; title: string; children: ReactNode }) {
  return (
    <Card aria-labelledby="step-title" className="grid max-w-2xl gap-4 p-5">
      <div>
        <p className="text-[13px] text-soft">Step {number} of 3</p>
        <h2 id="step-title" className="text-lg font-semibold">
          {title}
        </h2>
      </div>
      {children}
    </Card>
  )
}

/** What was ticked, on its way through a form that does not show it. */
function Ticks({ ticked }: { ticked: Api[] }) {
  return ticked.map((api) => <input key={api} type="hidden" name="api" value={api} />)
}

const lookUpAttempt = {
  tooMany: 'Too many Partner IDs were looked up',
  again: 'try again',
  undone: 'What you typed is still here',
}

function LookUpRefusalText({ refusal, storeId }: { refusal: LookUpRefusal; storeId: string }) {
  switch (refusal.kind) {
    case 'empty':
      return <p>Enter the Partner ID. The partner can tell you.</p>
    case 'wrong-shape':
      return (
        <p>
          This is not a Partner ID: one is ypa- and 12 digits, such as ypa-000000000000. Check it with the
          partner.
        </p>
      )
    case 'unknown':
      return <p>There is no partner with this ID. Check it with the partner, digit by digit.</p>
    case 'too-often':
      return <RefusalText refusal={refusal} attempt={lookUpAttempt} own={{}} />
    case 'already-listed':
      return (
        <p>
          <PartnerName partner={refusal.partner} /> is in the access list since <Time at={refusal.since} />.{' '}
          <Link
            href={accessPath(storeId, refusal.partner.id)}
            className="font-semibold underline underline-offset-4"
          >
            See or change what it may call
          </Link>
          , and issue a new token there if it has no live one left; a live one is renewed in API Settings.
        </p>
      )
  }
}
