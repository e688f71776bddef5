import { answerApi } from '#app/_api/answer-api.ts'

/** The management API: its addresses stand in `app/_api/routes.ts`. */
export const GET = answerApi
export const HEAD = answerApi
export const POST = answerApi
export const OPTIONS = answerApi
