import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { ListQuery, Sort } from '#lib/tokens/review/list-query.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { Time } from '../../ui/time.tsx'
import { LastUsed } from '../details/last-used.tsx'
import { AdoptionTag, RenewalChainLinks, RetirementOffer } from '../details/renewal-chain.tsx'
import { apiList, otherParty, otherPartyTitle } from '../words.ts'
import { SelectBox, SelectPageBox } from './select-boxes.tsx'
import { Expiry, PartyId, RefusedSince, StatusTag, TokenEnd, TokenTail } from './token-cells.tsx'

type Props = {
  side: Side
  tokens: Token[]
  /** The last days of each token, by its id. */
  usage: ReadonlyMap<string, readonly UsageDay[]>
  query: ListQuery
  /** The list's own address, without parameters. */
  list: Route
  /** The form that the Select checkboxes belong to; null where nothing may be chosen. */
  formId: string | null
  caption: string
  sortHref: (sort: Sort) => Route
}

const cell = 'px-3 lg:first:pl-4 py-2.5 align-middle max-lg:block max-lg:px-0 max-lg:py-0.5'

/** One row a token. On a narrow screen each row folds into a block. */
export function TokenTable({ side, tokens, usage, query, list, formId, caption, sortHref }: Props) {
  const ended = query.show === 'ended'
  const heading = (title: string, sort?: Sort) => (
    <Heading title={title} query={query} {...(sort && { sort, href: sortHref(sort) })} />
  )
  return (
    <table className="w-full border-collapse text-left max-lg:block">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-[12.5px] text-soft max-lg:block">
        <tr
          className={`border-b border-line ${formId ? 'max-lg:flex max-lg:px-4 max-lg:py-2' : 'max-lg:sr-only'}`}
        >
          {formId && (
            <th scope="col" className="w-11 py-2 pl-4 max-lg:w-auto max-lg:p-0">
              <span className="sr-only">Select</span>
              <SelectPageBox list={list} tokenIds={tokens.map((token) => token.id)} />
            </th>
          )}
          {heading(otherPartyTitle[side], ended ? undefined : 'name')}
          {heading('Token')}
          {heading('APIs')}
          {heading('Created', ended ? undefined : 'created')}
          {heading('Last used')}
          {ended ? heading('Ended', 'ended') : heading('Expires', 'expires')}
          <th scope="col" className="max-lg:sr-only">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody className="max-lg:block">
        {tokens.map((token, n) => {
          const other = otherParty(side, token)
          const continues = token.predecessorId !== null && tokens[n - 1]?.id === token.predecessorId
          const goesOn = tokens[n + 1]?.predecessorId === token.id
          return (
            <tr
              key={token.id}
              className={`group/row relative border-line last:border-0 ${goesOn ? '' : 'border-b'} has-[input:checked]:bg-accent-soft max-lg:block max-lg:py-2.5 max-lg:pr-4 ${formId ? 'max-lg:pl-11' : 'max-lg:pl-4'}`}
            >
              {formId && (
                <td className="w-11 py-2.5 pl-4 align-middle max-lg:absolute max-lg:top-2.5 max-lg:left-0 max-lg:p-0 max-lg:pl-4">
                  <SelectBox
                    list={list}
                    tokenId={token.id}
                    label={`Select ${other.name} …${token.lastCharacters}`}
                    formId={formId}
                  />
                </td>
              )}
              <th scope="row" className={`${cell} min-w-0 font-normal`}>
                <span className={continues ? 'block border-l-2 border-accent pl-3' : undefined}>
                  <bdi className={`wrap-anywhere ${continues ? 'text-soft' : 'font-medium'}`}>
                    {other.name}
                  </bdi>
                  <PartyId id={other.id} className="block" />
                </span>
              </th>
              <td className={`${cell} xl:whitespace-nowrap`}>
                <StatusTag token={token} /> <TokenTail token={token} /> <AdoptionTag token={token} />
                <span className="block text-[12.5px] text-soft">
                  <RenewalChainLinks token={token} list={list} />
                </span>
                <div className="text-[12.5px] xl:max-w-64 xl:whitespace-normal">
                  <RetirementOffer
                    token={token}
                    retirable={token.isRetirable ? [token] : []}
                    mayChange={formId !== null}
                    tellsWhich="in-a-list"
                  />
                </div>
                {token.handoverStatus === 'waiting' && (
                  <span className="block text-[12.5px] text-warn">Not collected yet</span>
                )}
                {token.handoverStatus === 'too-late' && (
                  <span className="block text-[12.5px] text-warn">Never collected</span>
                )}
              </td>
              <td className={cell}>
                <FoldedLabel>APIs</FoldedLabel>
                {apiList(token.apis)}
              </td>
              <td className={cell}>
                <FoldedLabel>Created</FoldedLabel>
                <Time at={token.createdAt} />
              </td>
              <td className={`${cell} tabular-nums lg:whitespace-nowrap`}>
                <LastUsed token={token} days={usage.get(token.id) ?? []} />
              </td>
              <td className={`${cell} tabular-nums ${ended ? '' : 'lg:whitespace-nowrap'}`}>
                <FoldedLabel>{ended ? 'Ended' : 'Expires'}</FoldedLabel>
                {ended ? <TokenEnd token={token} side={side} /> : <Expiry token={token} />}
                {token.attempts && (
                  <p className="mt-1 rounded-md bg-warn-soft px-2 py-0.5 text-[13px] text-warn">
                    <RefusedSince token={token} />
                  </p>
                )}
              </td>
              <td className={`${cell} text-sm lg:pr-4 lg:space-y-1 lg:*:block lg:*:w-max`}>
                {formId && side === 'partner' && token.handoverStatus === 'waiting' && (
                  <Link
                    href={`${list}/${token.id}#handover` as Route}
                    className="inline-block py-0.5 font-medium max-lg:mr-3 text-accent underline underline-offset-4"
                  >
                    Show token
                    <span className="sr-only"> ending in {token.lastCharacters}</span>
                  </Link>
                )}
                <Link
                  href={`${list}/${token.id}` as Route}
                  className="inline-block py-0.5 text-accent underline underline-offset-4"
                >
                  Details
                  <span className="sr-only"> of the token ending in {token.lastCharacters}</span>
                </Link>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Where the rows are folded the column headings are out of sight; each value brings its own. */
function FoldedLabel({ children }: { children: ReactNode }) {
  return <span className="mr-1.5 text-[12.5px] text-soft lg:hidden">{children}</span>
}

function Heading({
  title,
  sort,
  href,
  query,
}: {
  title: string
  sort?: Sort
  href?: Route
  query: ListQuery
}) {
  const sorted = sort !== undefined && sort === query.sort
  return (
    <th
      scope="col"
      className="px-3 py-2 font-medium first:pl-4 max-lg:sr-only"
      aria-sort={sorted ? (query.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {href ? (
        <Link href={href} scroll={false} className="inline-flex gap-1 py-1 hover:underline">
          {title}
          <span aria-hidden="true">{sorted ? (query.direction === 'asc' ? '↑' : '↓') : ''}</span>
        </Link>
      ) : (
        title
      )}
    </th>
  )
}
