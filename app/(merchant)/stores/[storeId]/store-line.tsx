import { packageNames } from '#components/tokens/words.ts'
import { Tag } from '#components/ui/tag.tsx'
import type { Store } from '#lib/stores/find-store.ts'

/** Which store a page is about. */
export function StoreLine({ store }: { store: Store }) {
  return (
    <>
      <bdi className="min-w-0 wrap-anywhere">{store.name}</bdi>
      <span className="font-mono text-[13px] wrap-anywhere">{store.id}</span>
      <Tag>{packageNames[store.package]}</Tag>
    </>
  )
}
