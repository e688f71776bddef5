import { type ReactNode, useId } from 'react'
import type { BelongingKind, Belongings } from '#lib/members/belongings.ts'
import { maxBelongings } from '#lib/members/limits.ts'
import { inWords } from '../ui/numbers.ts'
import { Time } from '../ui/time.tsx'

const shown = 5

const questions: Record<
  BelongingKind,
  { name: string; one: string; many: string; what: string; otherwise: string }
> = {
  webhooks: {
    ...{
      name: 'endWebhooks',
      one: 'webhook that they added or set',
      many: 'webhooks that they added or set',
    },
    ...{ what: 'Disable', otherwise: 'Otherwise its address goes on getting every event.' },
  },
  plans: {
    ...{
      name: 'endPlans',
      one: 'old token that they let end by itself',
      many: 'old tokens that they let end by themselves',
    },
    ...{ what: 'Keep', otherwise: 'Otherwise it is revoked by itself, in their name.' },
  },
  bulkPlans: {
    ...{
      name: 'endBulkPlans',
      one: 'plan for many tokens that they confirmed and that is not done',
      many: 'plans for many tokens that they confirmed and that are not done',
    },
    ...{ what: 'Cancel or stop', otherwise: 'Otherwise what is left to do is done, in their name.' },
  },
  campaigns: {
    ...{
      name: 'endCampaigns',
      one: 'round of new tokens after a cut-off that they started',
      many: 'rounds of new tokens after cut-offs that they started',
    },
    ...{ what: 'End', otherwise: 'Otherwise stores go on being asked, in their name.' },
  },
  tokens: {
    ...{
      name: 'endTokens',
      one: 'live token that they were shown',
      many: 'live tokens that they were shown',
    },
    ...{ what: 'Revoke', otherwise: 'Otherwise whoever has copied it can go on using it.' },
  },
  credentials: {
    ...{
      name: 'endCredentials',
      one: 'service credential that they made',
      many: 'service credentials that they made',
    },
    ...{
      what: 'Revoke',
      otherwise:
        'They were shown it: otherwise it goes on working for whoever has copied it. A program that needs it stops.',
    },
  },
}

const planDoes = { revoke: 'Revokes', renew: 'Renews', pause: 'Pauses', resume: 'Resumes' } as const

/** What would outlive a membership or a role, each kind with its tick. Only what can be undone is ticked beforehand. */
export function BelongingsChoice({ belongings }: { belongings: Belongings }) {
  const id = useId()
  const tokenNamed = (tokenId: string, last: string) => ({ key: tokenId, name: `Token ending in ${last}` })
  const left: Record<BelongingKind, { key: string; name: ReactNode }[]> = {
    webhooks: belongings.webhooks.map(({ id, url }) => ({ key: id, name: url })),
    plans: belongings.plans.map(({ tokenId, lastCharacters }) => tokenNamed(tokenId, lastCharacters)),
    bulkPlans: belongings.bulkPlans.map(({ id, kind, tokens }) => ({
      key: id,
      name: `${planDoes[kind]} ${inWords(tokens, 'token')}`,
    })),
    campaigns: belongings.campaigns.map(({ id, startedAt }) => ({
      key: id,
      name: (
        <>
          Started <Time at={startedAt} show="date-and-time" />
        </>
      ),
    })),
    tokens: belongings.tokens.map(({ id, lastCharacters }) => tokenNamed(id, lastCharacters)),
    credentials: belongings.credentials.map(({ id, name, lastCharacters }) => ({
      key: id,
      name: (
        <>
          <bdi>{name}</bdi>, ending in {lastCharacters}
        </>
      ),
    })),
  }
  const kinds = (Object.keys(questions) as BelongingKind[]).filter((kind) => left[kind].length > 0)
  return (
    <>
      <input type="hidden" name="asked" value="yes" />
      {kinds.length > 0 && (
        <fieldset className="grid gap-3">
          <legend className="mb-2 font-medium">What they leave behind</legend>
          {kinds.map((kind) => {
            const { name, one, many, what, otherwise } = questions[kind]
            const count = left[kind].length
            const rest = count - shown
            return (
              <div key={kind} className="flex items-start gap-2.5">
                <input
                  type="checkbox"
                  id={`${id}-${kind}`}
                  name={name}
                  value="yes"
                  defaultChecked={kind === 'webhooks'}
                  aria-describedby={`${id}-${kind}-then`}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <div className="min-w-0">
                  <label htmlFor={`${id}-${kind}`}>
                    {what}{' '}
                    {count === 1
                      ? `the ${one}`
                      : `the ${count}${count < maxBelongings ? '' : ' and more'} ${many}`}
                  </label>
                  <div id={`${id}-${kind}-then`} className="text-[13px] text-soft wrap-anywhere">
                    {left[kind].slice(0, shown).map(({ key, name }) => (
                      <p key={key}>{name}</p>
                    ))}
                    {rest > 0 && (
                      <p>
                        and {rest}
                        {count < maxBelongings ? '' : ' or more'} {rest === 1 ? 'other' : 'others'}
                      </p>
                    )}
                    <p>{otherwise}</p>
                  </div>
                </div>
              </div>
            )
          })}
        </fieldset>
      )}
    </>
  )
}
