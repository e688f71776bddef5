import { packageNames } from '#components/tokens/words.ts'
import { Card } from '#components/ui/card.tsx'
import type { Store } from '#lib/stores/find-store.ts'

/** Instead of what a store's package does not have. */
export function NoApis({ store }: { store: Store }) {
  return (
    <Card className="grid max-w-2xl gap-2 p-5">
      <h2 className="font-semibold">This store’s package has no APIs</h2>
      <p className="text-soft">
        APIs are available with {packageNames.standard}, {packageNames.professional} and{' '}
        {packageNames['store-v1']}. This store is on {packageNames[store.package]}: no token can be issued or
        renewed for it, and every API call for it is refused, also with a token from before.
      </p>
      <p className="text-soft">To give partners access, change the store’s package first.</p>
    </Card>
  )
}
