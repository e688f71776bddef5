import type { Queryable } from '#db/client.ts'
import { dropMails, lockMailsWithPath, updateMailBody } from '#db/queries/notifications/mails.ts'
import type { Party } from '../access/party.ts'
import { withoutNewsOf } from './compose-mail.ts'
import { mailedPaths } from './mails/mailed-paths.ts'

/**
 * Mails to this person that still wait tell nothing of this store or partner any more: what they say of others goes out.
 * @param tx that ends the membership.
 */
export async function withdrawNews(
  tx: Queryable,
  party: Party,
  { userId }: { userId: string },
): Promise<void> {
  const path =
    party.side === 'merchant' ? mailedPaths.ofStore(party.storeId) : mailedPaths.ofPartner(party.partnerId)
  const emptied: string[] = []
  for (const { id, body } of await lockMailsWithPath(tx, { userId, path })) {
    const left = withoutNewsOf(body, path)
    if (left === null) emptied.push(id)
    else await updateMailBody(tx, id, left)
  }
  await dropMails(tx, emptied)
}
