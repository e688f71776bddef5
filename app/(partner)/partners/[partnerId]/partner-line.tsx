import { CopyButton } from '#components/ui/copy-button.tsx'
import type { Partner } from '#lib/partners/find-partner.ts'

/** Which partner a page is about. */
export function PartnerLine({ partner }: { partner: Partner }) {
  return (
    <>
      <bdi className="min-w-0 wrap-anywhere">{partner.name}</bdi>
      <span className="font-mono text-[13px]">{partner.id}</span>
      <CopyButton what="the Partner ID" text={partner.id} />
    </>
  )
}
