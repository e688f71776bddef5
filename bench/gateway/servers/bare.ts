import { createServer } from 'node:http'
import { listen } from './listen.ts'

// Answers every request with the bytes of an introspection, and looks at nothing: what node:http costs by itself.
const body = process.env.ANSWER ?? ''
const headers = {
  'Content-Type': process.env.CONTENT_TYPE ?? 'application/json',
  'Content-Length': Buffer.byteLength(body),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Request-Id': '0198c0de-0000-4000-8000-000000000001',
}

listen(
  createServer((_, response) => {
    response.writeHead(200, headers)
    response.end(body)
  }),
)
