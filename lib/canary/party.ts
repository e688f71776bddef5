import { canaryParty } from '#db/schema/canary-runs.ts'

/** Whether it is of the tokens by which the deployment tries itself. */
export const isOfCanary = ({ storeId }: { storeId: string }) => storeId === canaryParty.storeId
