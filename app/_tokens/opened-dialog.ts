import type { OpenedDialog } from '#components/tokens/list/token-dialogs.tsx'
import { pauseDialogOf, resumeDialogOf } from '#components/tokens/pausing/pause-review.tsx'
import { renewDialogOf } from '#components/tokens/renewal/renew-dialog-of.tsx'
import { retireDialogOf, revokeDialogOf } from '#components/tokens/revocation/revocation-review.tsx'
import type { TokenDialog } from '#components/tokens/token-dialog.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Database } from '#lib/process/database.ts'
import { reviewRevocation } from '#lib/tokens/review/review.ts'
import { reviewRenewal } from '#lib/tokens/review/review-renewal.ts'
import { tokensPath } from '../paths.ts'

type Asked = {
  /** As the address names it. */
  asked: TokenDialog
  /** The ids of rows among its tokens. */
  tokenIds: string[]
}

/** What a dialog over the list of a store or a partner shows, with its page or alone. */
export async function openedDialog(
  actor: Actor,
  { asked, tokenIds }: Asked,
  { db }: { db: Database },
): Promise<OpenedDialog> {
  const list = tokensPath(actor)
  const none = { asked, revocation: null, retirement: null, renewal: null, pausing: null, resuming: null }
  switch (asked.to) {
    case 'revoke': {
      const review = await reviewRevocation(actor, tokenIds, { db })
      return { ...none, revocation: revokeDialogOf(actor.side, review, list) }
    }
    case 'retire': {
      const review = await reviewRevocation(actor, tokenIds.slice(0, 1), { db })
      return { ...none, retirement: retireDialogOf(actor.side, review, list) }
    }
    case 'renew': {
      const review = await reviewRenewal(actor, tokenIds, { db })
      return { ...none, renewal: renewDialogOf(actor.side, review, list) }
    }
    case 'pause': {
      const review = await reviewRevocation(actor, tokenIds, { db })
      return { ...none, pausing: pauseDialogOf(actor.side, review) }
    }
    case 'resume': {
      const review = await reviewRevocation(actor, tokenIds, { db })
      return { ...none, resuming: resumeDialogOf(actor.side, review) }
    }
  }
}
