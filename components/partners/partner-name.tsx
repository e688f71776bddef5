import type { Partner } from '#lib/partners/find-partner.ts'

/** `Parcel Pilot, Inc. (ypa-005259400001)`, as partners are written everywhere (docs/domain.md, Who). */
export function PartnerName({ partner }: { partner: Partner }) {
  return (
    <span className="wrap-anywhere">
      <bdi>{partner.name}</bdi> <span className="font-mono text-[0.88em]">({partner.id})</span>
    </span>
  )
}
