import { answerEvidenceCsv } from '#app/_downloads/answer-evidence-csv.ts'

/** What a cut-off ended as a file, for operators of the platform. */
export async function GET(request: Request, { params }: RouteContext<'/operator/cut-off/[cutOffId]/csv'>) {
  return answerEvidenceCsv(request, (await params).cutOffId)
}
export { GET as HEAD }
