import { packageNames } from '#components/tokens/words.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { Store } from '#lib/stores/find-store.ts'

/** Which store a page is about. */
export function StoreLine({ store }: { store: Store }) {
  return (
    <>
      <bdi className="min-w-0 wrap-anywhere">{store.name}</bdi>
      <span className="font-mono text-[13px] wrap-anywhere">{store.id}</span>
      <CopyButton what="the store ID" text={store.id} />
      <Tag>{packageNames[store.package]}</Tag>
    </>
  )
}
