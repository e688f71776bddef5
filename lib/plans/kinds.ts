import type { planKinds } from '#db/schema/bulk-plans.ts'

export type PlanKind = (typeof planKinds)[number]
