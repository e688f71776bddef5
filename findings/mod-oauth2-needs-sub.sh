#!/usr/bin/env bash
# Apache mod_oauth2 3.3.1 (Debian 12): an active token without `sub` is called invalid.
#
# The specification: RFC 7662, 2.2: `active` is the one member that an answer must have; `sub` is OPTIONAL.
# Seen, for one answer with and one without it, all else the same:
#   without: 401, Bearer error="invalid_token", error_description="Could not determine remote user."
#   with:    200
# For our users: a token belongs to a store and a partner, no person: an answer without a subject would be a natural one.
# In the product: /introspect says the store as `sub` (gateway/token-api/introspection.ts), and a test holds it.
# Needs: Debian 12 with apt-get, curl, node and the libraries libcurl4, libjansson4.
set -eu
tmp=$(mktemp -d)
node='' apache=''
trap 'kill $node $apache 2>/dev/null || true; wait; rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq -o APT::Sandbox::User=root apache2-bin=2.4.71-1~deb12u1 libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 \
  libapache2-mod-oauth2=3.3.1-1 liboauth2-apache0=1.4.5.4-1 liboauth2-0=1.4.5.4-1 libcjose0=0.6.2.1-1+deb12u2 \
  libhiredis0.14=0.14.1-3 libmemcached11=1.1.4-1 libhashkit2=1.1.4-1
for package in *.deb; do dpkg-deb -x "$package" root; done
cat > issuer.mjs <<'JS'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const good = { active: true, client_id: 'ypa-005259400001', scope: 'order', token_type: 'Bearer' }
const answerTo = (url) => [200, url === '/page' ? good : { ...good, sub: 'harbor-lights' }]
const server = createServer((request, response) => {
  const [status, body] = answerTo(request.url)
  request.resume().on('end', () => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)))
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', `${server.address().port}`))
JS
timeout 120 node issuer.mjs & node=$!
until [ -s port ] || ! kill -0 $node; do sleep 0.2; done
mkdir www && echo page > www/page
cp www/page www/other
listen=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
printf '%s\n' "ServerRoot $tmp" 'ServerName 127.0.0.1' "Listen 127.0.0.1:$listen" "PidFile $tmp/pid" "ErrorLog $tmp/log" \
  "DefaultRuntimeDir $tmp" "Mutex file:$tmp" "DocumentRoot $tmp/www" > conf
for module in mpm_event authn_core authz_core authz_user oauth2; do
  echo "LoadModule ${module}_module $tmp/root/usr/lib/apache2/modules/mod_$module.so" >> conf
done
for place in page other; do
  ask="introspect http://127.0.0.1:$(cat port)/$place introspect.auth=client_secret_basic&client_id=shop&client_secret=the-first-secret"
  printf '%s\n' "<Location /$place>" 'AuthType oauth2' "OAuth2TokenVerify $ask" 'Require valid-user' '</Location>' >> conf
done
LD_LIBRARY_PATH="$tmp/root/usr/lib/x86_64-linux-gnu" timeout 60 "$tmp/root/usr/sbin/apache2" -f "$tmp/conf" -DFOREGROUND & apache=$!
get() {
  curl -s -o /dev/null -D head --max-time 10 --retry 20 --retry-connrefused --retry-delay 1 \
    -H "Authorization: Bearer $2" "http://127.0.0.1:$listen/$1"
  tr -d '\r' < head | sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p; s/^WWW-Authenticate: //p' | tr '\n' ' '
}
seen="$(get page 1.0_one)| $(get other 1.0_two)"
echo "$seen"
expected='401 Bearer error="invalid_token", error_description="Could not determine remote user." | 200 '
[ "$seen" = "$expected" ] || { echo 'mod_oauth2 takes such tokens in another way now' >&2; exit 1; }
