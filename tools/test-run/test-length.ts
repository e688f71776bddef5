/** Whether this is `npm run test:soak`, which has hours, and not a run of all tests, which has minutes. */
export const isSoak = process.env.SOAK === '1'

/** How much of what can go on for ever: a short form in every run, a long one in the soak. */
export function lengthOf<Amount>({ everyRun, soak }: { everyRun: Amount; soak: Amount }): Amount {
  return isSoak ? soak : everyRun
}
