#!/usr/bin/env bash
# Runs the real secretlint with secretlintrc.json over a log with a token and a service credential in it, and over one without any. It fetches
# secretlint into a temporary folder: no test of ours does that, and scanners.test.ts holds the expressions.
set -eu
checkout=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp "$checkout/docs/scanners/secretlintrc.json" "$tmp"
(cd "$checkout" && node --input-type=module) > "$tmp/leaked.log" <<'JS'
import { randomBytes } from 'node:crypto'
import { credentialPrefix } from '#lib/text/credential-form.ts'
import { checksumOf } from '#lib/text/token-form.ts'
import { createTokenText } from '#lib/tokens/model/secret.ts'

const body = credentialPrefix + randomBytes(32).toString('base64url')
for (const text of [createTokenText(), 'GET /V1/order 200', body + checksumOf(body)]) console.log(`POST /V1/order "${text}"`)
JS
sed 's/[A-Za-z0-9_-]\{6\}"$/"/' "$tmp/leaked.log" > "$tmp/clean.log"
cd "$tmp"
npm install --silent --no-audit --no-fund secretlint@13.0.6 @secretlint/secretlint-rule-pattern@13.0.6
found() { npx secretlint --secretlintrc secretlintrc.json --format unix --maskSecrets "$1" | grep -c 'found matching' || true; }
[ "$(found leaked.log)" = 2 ] || { echo 'secretlint does not find both'; exit 1; }
[ "$(found clean.log)" = 0 ] || { echo 'secretlint finds what is none'; exit 1; }
echo 'secretlint finds a partner access token and a service credential, and nothing else'
