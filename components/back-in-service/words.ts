import type { RequestState } from '#lib/back-in-service/counts.ts'
import type { ReachedStore } from '#lib/back-in-service/progress.ts'

/** A chip over the stores of a campaign. */
export const stateNames: Record<RequestState, string> = {
  asked: 'Not answered yet',
  waiting: 'Waiting to be collected',
  collected: 'Collected',
  used: 'In use',
  declined: 'Declined',
  skipped: 'No token possible',
}

/** In the order in which a store goes through them. */
export const stateOrder: RequestState[] = ['asked', 'waiting', 'collected', 'used', 'declined', 'skipped']

type Look = 'plain' | 'ok' | 'warn' | 'danger' | 'accent'

/** What a row says of a store, as it is now: its token may have ended meanwhile. */
export function standing(
  store: Pick<ReachedStore, 'state' | 'skippedFor' | 'isRevoked' | 'lastUsedAt' | 'handover' | 'isOpen'>,
): { text: string; look: Look } {
  const { state, skippedFor, isRevoked, lastUsedAt, handover, isOpen } = store
  switch (state) {
    case 'asked':
      return isOpen ? { text: 'Not answered yet', look: 'plain' } : { text: 'Never answered', look: 'warn' }
    case 'declined':
      return { text: 'Declined', look: 'warn' }
    case 'skipped':
      return { text: skippedText(skippedFor), look: 'plain' }
    case 'waiting':
    case 'collected':
    case 'used':
      if (isRevoked) return { text: 'Revoked again', look: 'danger' }
      if (lastUsedAt) return { text: 'In use', look: 'ok' }
      if (handover === 'waiting') return { text: 'Waiting to be collected', look: 'accent' }
      if (handover === 'too-late') return { text: 'Never collected', look: 'warn' }
      return { text: 'Collected, not used yet', look: 'accent' }
  }
}

function skippedText(reason: ReachedStore['skippedFor']): string {
  switch (reason) {
    case 'access-removed':
      return 'Access was removed'
    case 'package-without-apis':
      return 'Its package has no APIs'
    case 'asked-again':
    case null:
      return 'Asked again later'
  }
}

/** How a store came to its token, or who said no. */
export function wayText({ way, state }: Pick<ReachedStore, 'way' | 'state'>): string | null {
  if (state === 'declined') return 'by the store'
  switch (way) {
    case 'at-once':
      return 'at once, by the store’s setting'
    case 'answer':
      return 'by the store'
    case 'by-hand':
      return 'already back: issued by hand'
    case null:
      return null
  }
}
