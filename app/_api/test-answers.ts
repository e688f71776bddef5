import { documentPath } from '#lib/management-api/openapi.ts'
import { apiRoutes } from '#lib/management-api/routes.ts'
import { undocumentedIn } from '#lib/management-api/test-document.ts'
import { answerApi } from './answer-api.ts'

/** Answers a program, and is a bug where the document does not say so of that address. */
export async function documented(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const answer = await answerApi(request)
  const parts = pathname.slice('/api/v1'.length).split('/')
  const method = request.method.toLowerCase()
  const known = [...apiRoutes, { method: 'GET', path: documentPath }]
  const path = known.find((route) => {
    const wanted = route.path.split('/')
    const isPath =
      wanted.length === parts.length &&
      wanted.every((one, n) => (one.startsWith('{') ? parts[n] !== '' : one === parts[n]))
    return isPath && route.method.toLowerCase() === method
  })?.path
  // An address or a method that there is not has nothing said of it, and neither has HEAD.
  if (path === undefined || (method !== 'get' && method !== 'post')) return answer
  const { status, headers } = answer
  const wrong = undocumentedIn(path, method, { status, headers, text: await answer.clone().text() })
  if (wrong !== null) throw new Error(wrong)
  return answer
}
