import { apiHelpPath } from '#components/help/help-path.ts'
import { type ProblemName, problems } from '#lib/management-api/problems.ts'

/** One with a place among the registered types has that type; the others have the address where Help explains them. */
const registered: Partial<Record<ProblemName, string>> = {
  'quota-exceeded': 'https://iana.org/assignments/http-problem-types#quota-exceeded',
}

type Details = {
  /** What is wrong with this request, before what to do. */
  why?: string
  /** Members of this kind of problem. */
  more?: Record<string, unknown>
  headers?: Record<string, string>
}

/** @param origin where people reach this server: its Help explains each problem. */
export function problemResponse(
  name: ProblemName,
  origin: string,
  { why, more, headers }: Details = {},
): Response {
  const { status, title, advice } = problems[name]
  const problem = {
    type: registered[name] ?? `${origin}${apiHelpPath(name)}`,
    ...{ title, status, detail: why ? `${why} ${advice}` : advice },
    ...more,
  }
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...headers,
    },
  })
}
