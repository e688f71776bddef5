import { answerReport } from '#app/_leaks/answer-report.ts'

/** A POST to the page above comes here: app/_server/gate.ts leads it on, as an address is a page or a handler, and not both. */
export const POST = (request: Request) => answerReport(request)
