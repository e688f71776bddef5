#!/usr/bin/env bash
# oazapfts 7.5.0: a specification given as text is taken for the name of a file.
#
# Its own words, above generateSource in the types of the package: the argument is a path, or the source itself.
# Seen, for the same OpenAPI 3.1 document:
#   its path            a client with the operation
#   its text            ERESOLVER, "Error opening file {"openapi":"3.1.0",…"
#   the parsed object   a client with the operation, though the types take a string alone
# For our users: a build that has fetched the document to check it first has to write it down before a client is made of it.
# In the product: e2e/api-client/client.test.ts hands it the parsed document, by parseSpec.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" oazapfts@7.5.0
cd "$tmp"
cat > run.mjs <<'JS'
import { writeFileSync } from 'node:fs'
import { generateSource } from 'oazapfts'

const responses = { 200: { description: 'Done' } }
const document = {
  openapi: '3.1.0',
  info: { title: 'Tokens', version: '1' },
  paths: { '/tokens': { get: { operationId: 'listTokens', responses } } },
}
const text = JSON.stringify(document)
writeFileSync('document.json', text)
const made = async (given) => {
  const source = await generateSource(given)
  return source.includes('function listTokens(') ? 'a client' : 'no operation'
}
const seen = []
for (const given of ['document.json', text, document]) seen.push(await made(given).catch(({ code, message }) => code ?? message))

console.log(seen.join(', '))
if (String(seen) !== String(['a client', 'ERESOLVER', 'a client'])) {
  throw new Error('oazapfts reads a document in another way now')
}
JS
timeout 120 node run.mjs
