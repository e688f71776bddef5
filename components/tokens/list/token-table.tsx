import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { Time } from '../../ui/time.tsx'
import { apiList, otherPartyTitle } from '../words.ts'
import { CallsCell } from './calls-cell.tsx'
import { groupText, intoGroups, type TokenGroup } from './groups.ts'
import { Heading, type Sorting } from './heading.tsx'
import { busiestDay } from './row-bars.ts'
import { RowSteps } from './row-steps.tsx'
import { StateCell } from './state-cell.tsx'
import { ExpiryCell, NameCell, PartyId, PartyName } from './token-cells.tsx'

type Props = {
  side: Side
  tokens: Token[]
  /** The last days of each token, by its id. */
  usage: ReadonlyMap<string, readonly UsageDay[]>
  /** By the token's id, what is said below its name; null: of none. */
  notes: ReadonlyMap<string, string> | null
  /** The list's own address. */
  behind: ListBehind
  /** The form that the Select checkboxes belong to; null where nothing may be chosen. */
  formId: string | null
  caption: string
  sorting: Sorting
}

/** Live tokens: one row each, those of one partner or store that stand together under one heading. */
export function TokenTable(props: Props) {
  const { side, tokens, usage, formId, caption, sorting } = props
  const most = busiestDay(usage.values())
  return (
    <table className={`tokens ${formId ? '' : 'for-looking'}`}>
      <caption className="sr-only">{caption}</caption>
      <colgroup>
        {formId && <col className="w-12" />}
        <col className="w-[16.5%]" />
        <col />
        <col className="w-[92px] xl:w-[158px]" />
        <col className="w-[166px]" />
        <col className="created w-[94px]" />
        <col className="w-[128px]" />
        {formId && <col className="w-[128px]" />}
      </colgroup>
      <thead>
        <tr>
          {formId && (
            <th scope="col" className="select">
              <span className="sr-only">Select</span>
              <label>
                <input type="checkbox" data-ticks="page" aria-label="Select all tokens on this page" />
                <span aria-hidden="true" className="all">
                  Select all on this page
                </span>
              </label>
            </th>
          )}
          <Heading title={otherPartyTitle[side]} sort="name" sorting={sorting} />
          <Heading
            title="State"
            sort={side === 'merchant' && sorting.query.show === 'active' ? 'needs' : undefined}
            sorting={sorting}
          />
          <Heading title="APIs" sorting={sorting} />
          <Heading title="Calls, 30 days, last" sort="used" sorting={sorting} />
          <Heading title="Created" className="created" sort="created" sorting={sorting} />
          <Heading title="Expires" sort="expires" sorting={sorting} />
          {formId && (
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      {intoGroups(side, tokens).map((group) => (
        <tbody key={group.tokens[0]?.id}>
          {group.tokens.length > 1 && <GroupHeading group={group} {...props} />}
          {group.tokens.map((token) => (
            <TokenRow key={token.id} {...{ ...props, token, most }} isOfGroup={group.tokens.length > 1} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function GroupHeading({ group, side, behind, formId }: Props & { group: TokenGroup }) {
  const { name, id } = group.other
  // APIs belong to the pair of partner and store: they are the same for all of its tokens.
  const apis = apiList(group.tokens[0]?.apis ?? [])
  return (
    <tr className="of">
      {formId && (
        <td className="select">
          <label>
            <input type="checkbox" data-ticks="group" aria-label={`Select all tokens of ${name}`} />
          </label>
        </td>
      )}
      <th scope="rowgroup" colSpan={2}>
        <div className="flex items-baseline gap-x-2 max-lg:flex-wrap">
          {side === 'merchant' ? (
            <Link href={`${behind.list}/partners/${id}` as Route} className="name min-w-0">
              <PartyName name={name} />
            </Link>
          ) : (
            <bdi className="min-w-0 wrap-anywhere">{name}</bdi>
          )}
          <PartyId id={id} />
        </div>
      </th>
      <td className="apis">{apis}</td>
      <td className="text-soft">{groupText(group)}</td>
      <td className="created" />
      <td colSpan={formId ? 2 : 1} />
    </tr>
  )
}

function TokenRow({
  token,
  isOfGroup,
  most,
  side,
  usage,
  notes,
  behind,
  formId,
}: Props & { token: Token; isOfGroup: boolean; most: number }) {
  return (
    <tr className={isOfGroup ? 'in' : undefined}>
      {formId && (
        <td className="select">
          <label>
            <input
              type="checkbox"
              name="tokenId"
              value={token.id}
              form={formId}
              aria-label={`Select ${side === 'merchant' ? token.partnerName : token.storeName} …${token.lastCharacters}`}
            />
          </label>
        </td>
      )}
      <NameCell
        token={token}
        side={side}
        list={behind.list}
        names={isOfGroup ? 'the-token' : 'both'}
        note={notes?.get(token.id)}
      />
      <StateCell token={token} side={side} mayChange={formId !== null} />
      <td className="apis">{!isOfGroup && apiList(token.apis)}</td>
      <CallsCell token={token} days={usage.get(token.id) ?? []} most={most} />
      <td className="created" data-label="Created">
        <Time at={token.createdAt} />
      </td>
      <ExpiryCell token={token} />
      {formId && <RowSteps token={token} side={side} behind={behind} />}
    </tr>
  )
}
