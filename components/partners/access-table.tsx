import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { ListedPartner } from '#lib/partners/access-list.ts'
import { PartyId } from '../tokens/list/token-cells.tsx'
import { apiList } from '../tokens/words.ts'
import { Time } from '../ui/time.tsx'
import { countOfTokens } from './removal-review.tsx'

const cell = 'px-3 md:first:pl-4 py-2.5 align-middle max-md:block max-md:px-0 max-md:py-0.5'
const link = 'inline-block py-0.5 text-accent underline underline-offset-4'

/** One row a partner. On a narrow screen each row folds into a block. */
export function AccessTable({
  partners,
  links,
}: {
  partners: ListedPartner[]
  links: {
    partner: (partnerId: string) => Route
    tokens: (partnerId: string) => Route
    /** Null where no token can be issued, or not by this person. */
    issue: ((partnerId: string) => Route) | null
    /** Null for a viewer. */
    remove: ((partnerId: string) => Route) | null
  }
}) {
  return (
    <table className="w-full border-collapse text-left max-md:block">
      <caption className="sr-only">Partners with access</caption>
      <thead className="border-b border-line text-[12.5px] text-soft max-md:sr-only">
        <tr>
          {['Partner', 'APIs', 'Since', 'Tokens'].map((title) => (
            <th key={title} scope="col" className="px-3 py-2 font-medium first:pl-4">
              {title}
            </th>
          ))}
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody className="max-md:block">
        {partners.map(({ partnerId, partnerName, apis, addedAt, liveTokens }) => (
          <tr
            key={partnerId}
            className="border-b border-line last:border-0 max-md:block max-md:px-4 max-md:py-2.5"
          >
            <th scope="row" className={`${cell} min-w-0 font-normal`}>
              <bdi className="font-medium wrap-anywhere">{partnerName}</bdi>
              <PartyId id={partnerId} className="block" />
            </th>
            <td className={`${cell} lg:whitespace-nowrap`}>{apiList(apis)}</td>
            <td className={cell}>
              <span className="mr-1.5 text-[12.5px] text-soft md:hidden">Since</span>
              <Time at={addedAt} />
            </td>
            <td className={`${cell} md:whitespace-nowrap`}>
              {liveTokens === 0 ? (
                <>
                  <span className="text-soft">no live token</span>
                  {links.issue && (
                    <Link href={links.issue(partnerId)} className={`${link} text-sm max-md:ml-3 md:block`}>
                      Issue a New Token<span className="sr-only"> to {partnerName}</span>
                    </Link>
                  )}
                </>
              ) : (
                <Link href={links.tokens(partnerId)} className={link}>
                  {countOfTokens(liveTokens)}
                  <span className="sr-only"> of {partnerName}</span>
                </Link>
              )}
            </td>
            <td className={`${cell} text-sm md:pr-4`}>
              <span className="flex flex-wrap gap-x-4 gap-y-1 md:justify-end lg:flex-nowrap">
                <Link href={links.partner(partnerId)} className={link}>
                  {links.remove ? 'Change' : 'Details'}
                  <span className="sr-only"> {partnerName}</span>
                </Link>
                {links.remove && (
                  <Link
                    href={links.remove(partnerId)}
                    scroll={false}
                    className="inline-block py-0.5 text-soft underline underline-offset-4 hover:text-danger"
                  >
                    Remove…<span className="sr-only"> {partnerName}</span>
                  </Link>
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
