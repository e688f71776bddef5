import { answerInboxCsv } from '#app/_downloads/answer-inbox-csv.ts'

/** The inbox of the person on this side as a file. */
export async function GET(request: Request) {
  return answerInboxCsv(request, 'partner')
}
export { GET as HEAD }
