#!/usr/bin/env bash
# Apache mod_oauth2 3.3.1 (Debian 12): the token itself goes on to the service behind it, as a claim.
#
# The specification: RFC 7662, 2.2: the members of an answer are the claims; the token is not among them.
# Seen, behind "RequestHeader unset Authorization", where the issuer's answer has active, sub and client_id:
#   OAUTH2_CLAIM_access_token: 1.0_good, the one header with it
# For our users: a service that was to see no token writes it into its logs with the other headers.
# In the product: gateway/examples/apache/mod-oauth2.conf takes that header away too.
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

const good = { active: true, sub: 'harbor-lights', client_id: 'shop' }
const namesOf = (headers) => Object.keys(headers).filter((name) => headers[name].includes('1.0_good'))
const server = createServer((request, response) => {
  const text = request.url === '/ask' ? JSON.stringify(good) : `${namesOf(request.headers)}`
  request.resume().on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(text))
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', `${server.address().port}`))
JS
timeout 120 node issuer.mjs & node=$!
until [ -s port ] || ! kill -0 $node; do sleep 0.2; done
listen=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
printf '%s\n' "ServerRoot $tmp" 'ServerName 127.0.0.1' "Listen 127.0.0.1:$listen" "PidFile $tmp/pid" "ErrorLog $tmp/log" \
  "DefaultRuntimeDir $tmp" "Mutex file:$tmp" > conf
for module in mpm_event authn_core authz_core authz_user headers proxy proxy_http oauth2; do
  echo "LoadModule ${module}_module $tmp/root/usr/lib/apache2/modules/mod_$module.so" >> conf
done
issuer=http://127.0.0.1:$(cat port)
ask="introspect $issuer/ask introspect.auth=client_secret_basic&client_id=shop&client_secret=the-first-secret"
printf '%s\n' '<Location />' 'AuthType oauth2' "OAuth2TokenVerify $ask" 'Require valid-user' 'RequestHeader unset Authorization' \
  "ProxyPass $issuer/service/" '</Location>' >> conf
LD_LIBRARY_PATH="$tmp/root/usr/lib/x86_64-linux-gnu" timeout 60 "$tmp/root/usr/sbin/apache2" -f "$tmp/conf" -DFOREGROUND & apache=$!
seen=$(curl -s --max-time 10 --retry 20 --retry-connrefused --retry-delay 1 -H 'Authorization: Bearer 1.0_good' "http://127.0.0.1:$listen/page")
echo "$seen"
[ "$seen" = 'oauth2_claim_access_token' ] || { echo 'mod_oauth2 passes other headers on now' >&2; exit 1; }
