/** Whether what was written is on the synchronous standby too; for those who may not ask the database themselves. */
export { hearStandby } from '#db/transaction.ts'
