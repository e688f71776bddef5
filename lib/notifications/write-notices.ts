import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { insertNotices } from '#db/queries/notifications/notices.ts'
import {
  listPeopleOfPartners,
  listPeopleOfStores,
  type PersonToNotify,
} from '#db/queries/notifications/people-to-notify.ts'
import type { Side } from '../access/actor.ts'
import { type Deed, isDoneBy } from './deeds.ts'

export type PersonalNotice = { noticeId: string; person: PersonToNotify; side: Side; deed: Deed }

/**
 * One notice of each deed for everybody of its store and of its partner, of a webhook for owners only; read already by
 * whoever did it.
 * @returns the new ones: what somebody has in their inbox already is left as it is.
 */
export async function writeNotices(tx: Queryable, deeds: Deed[]): Promise<PersonalNotice[]> {
  const storeIds = [...new Set(deeds.map(({ storeId }) => storeId))]
  const partnerIds = [...new Set(deeds.map(({ partnerId }) => partnerId))]
  const ofStores = Map.groupBy(await listPeopleOfStores(tx, storeIds), (person) => person.of)
  const ofPartners = Map.groupBy(await listPeopleOfPartners(tx, partnerIds), (person) => person.of)
  const personalNotices = deeds.flatMap((deed): PersonalNotice[] => [
    ...(ofStores.get(deed.storeId) ?? []).map((person) => personalNotice(deed, person, 'merchant')),
    ...(ofPartners.get(deed.partnerId) ?? []).map((person) => personalNotice(deed, person, 'partner')),
  ])
  const wanted = personalNotices.filter(({ person, deed }) => isFor(person, deed))
  const fresh = await insertNotices(tx, wanted.map(noticeOf))
  return wanted.filter(({ noticeId }) => fresh.has(noticeId))
}

/** Webhooks are the owners' to mend: what is made of them is asked of others. */
function isFor({ role }: PersonToNotify, { kind }: Deed): boolean {
  return role === 'owner' || (kind !== 'webhook.failing' && kind !== 'webhook.recovered')
}

const personalNotice = (deed: Deed, person: PersonToNotify, side: Side): PersonalNotice => ({
  noticeId: uuidv7(),
  ...{ deed, person, side },
})

function noticeOf({ noticeId, person, side, deed }: PersonalNotice) {
  const { kind, deedId, storeId, partnerId, tokenIds, userName, details, occurredAt } = deed
  return {
    ...{ id: noticeId, userId: person.userId, side, kind, deedId, storeId, partnerId, details, occurredAt },
    tokenId: tokenIds[0] ?? null,
    tokenCount: tokenIds.length,
    byUserName: userName,
    byUserEmail: deed.userEmail,
    byRole: deed.userRole,
    bySide: deed.side,
    // Nobody has to be notified of what they did themselves.
    readAt: isDoneBy(person.userId, deed) ? occurredAt : null,
  }
}
