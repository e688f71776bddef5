import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { insertNotices } from '#db/queries/notifications/notices.ts'
import {
  listPeopleOfPartners,
  listPeopleOfStores,
  type PersonToNotify,
} from '#db/queries/notifications/people-to-notify.ts'
import type { Side } from '../access/actor.ts'
import { isDoneBy, type Operation } from './operations.ts'

export type PersonalNotice = { noticeId: string; person: PersonToNotify; side: Side; operation: Operation }

/**
 * One notice of each operation for everybody of its store and of its partner, of a webhook or a service credential for owners only; read already by
 * whoever did it.
 * @returns the new ones: what somebody has in their inbox already is left as it is.
 */
export async function writeNotices(tx: Queryable, operations: Operation[]): Promise<PersonalNotice[]> {
  const storeIds = [...new Set(operations.map(({ storeId }) => storeId))]
  const partnerIds = [...new Set(operations.map(({ partnerId }) => partnerId))]
  const ofStores = Map.groupBy(await listPeopleOfStores(tx, storeIds), (person) => person.of)
  const ofPartners = Map.groupBy(await listPeopleOfPartners(tx, partnerIds), (person) => person.of)
  const personalNotices = operations.flatMap((operation): PersonalNotice[] => [
    ...(ofStores.get(operation.storeId) ?? []).map((person) => personalNotice(operation, person, 'merchant')),
    ...(ofPartners.get(operation.partnerId) ?? []).map((person) =>
      personalNotice(operation, person, 'partner'),
    ),
  ])
  const wanted = personalNotices.filter(
    ({ person, side, operation }) => isFor(person, operation) && isOfSide(side, operation),
  )
  const fresh = await insertNotices(tx, wanted.map(noticeOf))
  return wanted.filter(({ noticeId }) => fresh.has(noticeId))
}

/** Webhooks and service credentials are the owners' to mend: what is made of them is asked of others. */
function isFor({ role }: PersonToNotify, { kind }: Operation): boolean {
  return role === 'owner' || !(kind.startsWith('webhook.') || kind.startsWith('credential.'))
}

/** A store hears of each request and each new token; the partner of all its stores together. */
function isOfSide(side: Side, { kind }: Operation): boolean {
  return side === 'merchant' || (kind !== 'service.asked' && kind !== 'service.issued')
}

const personalNotice = (operation: Operation, person: PersonToNotify, side: Side): PersonalNotice => ({
  noticeId: uuidv7(),
  ...{ operation, person, side },
})

function noticeOf({ noticeId, person, side, operation }: PersonalNotice) {
  const { kind, operationId, storeId, partnerId, tokenIds, userName, details, occurredAt } = operation
  return {
    ...{
      id: noticeId,
      userId: person.userId,
      side,
      kind,
      operationId,
      storeId,
      partnerId,
      details,
      occurredAt,
    },
    tokenId: tokenIds[0] ?? null,
    tokenCount: tokenIds.length,
    byUserName: userName,
    byUserEmail: operation.userEmail,
    byRole: operation.userRole,
    bySide: operation.side,
    // Nobody has to be notified of what they did themselves.
    readAt: isDoneBy(person.userId, operation) ? occurredAt : null,
  }
}
