#!/usr/bin/env bash
# Apache mod_auth_openidc 2.4.12.3 (Debian 12): a good token is remembered until its `exp`, however far away that is.
#
# The specification: RFC 7662, 4: a protected resource may cache an answer, never beyond its `exp`. The shorter it is kept, the
# sooner a revocation is noticed; how long is the server's choice.
# Seen, with the defaults and an `exp` in 300 days: the log says that the answer is kept for 25,9xx,xxx seconds. The issuer then
# says "active": false of every token: the same token gets 200, one that was not asked about before 401.
# With OIDCOAuthTokenIntrospectionInterval -1 the issuer is asked at every call: 401.
# For our users: a revoked token is taken by that service for up to the five years that a token may live.
# In the product: gateway/README.md, "Asked by services that introspect", names the setting.
# Needs: Debian 12 with apt-get, curl, node, openssl and the libraries libcurl4, libjansson4.
set -eu
tmp=$(mktemp -d)
node='' apache=''
trap 'kill $node $apache 2>/dev/null || true; wait; rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq -o APT::Sandbox::User=root apache2-bin=2.4.71-1~deb12u1 libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 \
  libapache2-mod-auth-openidc=2.4.12.3-2+deb12u5 libcjose0=0.6.2.1-1+deb12u2 libhiredis0.14=0.14.1-3
for package in *.deb; do dpkg-deb -x "$package" root; done
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1 2>/dev/null
cat > issuer.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'

const now = Math.floor(Date.now() / 1000)
const good = { active: true, sub: 'harbor-lights', scope: 'order', token_type: 'Bearer', iat: now, exp: now + 300 * 86_400 }
let answer = good
const tls = { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }
const server = createServer(tls, (request, response) => {
  if (request.url === '/good') answer = good
  if (request.url === '/revoked') answer = { active: false }
  request.resume().on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer)))
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', `${server.address().port}`))
JS
timeout 120 node issuer.mjs & node=$!
until [ -s port ] || ! kill -0 $node; do sleep 0.2; done
issuer=https://127.0.0.1:$(cat port)
mkdir www && echo page > www/page
modules=$tmp/root/usr/lib/apache2/modules
listen=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
start() {
  printf '%s\n' "ServerRoot $tmp" 'ServerName 127.0.0.1' "Listen 127.0.0.1:$listen" "PidFile $tmp/pid" "ErrorLog $tmp/$1.log" \
    "DefaultRuntimeDir $tmp" "Mutex file:$tmp" "DocumentRoot $tmp/www" 'LogLevel warn auth_openidc:debug' > "$1.conf"
  for module in mpm_event authn_core authz_core authz_user auth_openidc; do
    echo "LoadModule ${module}_module $modules/mod_$module.so" >> "$1.conf"
  done
  printf '%s\n' "OIDCOAuthIntrospectionEndpoint $issuer/introspect" 'OIDCOAuthClientID shop' \
    'OIDCOAuthClientSecret the-first-secret' 'OIDCOAuthSSLValidateServer Off' 'OIDCCryptoPassphrase demo' "${2:-}" \
    '<Location />' 'AuthType oauth20' 'Require valid-user' '</Location>' >> "$1.conf"
  LD_LIBRARY_PATH="$tmp/root/usr/lib/x86_64-linux-gnu" timeout 60 "$tmp/root/usr/sbin/apache2" -f "$tmp/$1.conf" -DFOREGROUND & apache=$!
}
get() {
  curl -s -o /dev/null -w '%{http_code}' --max-time 10 --retry 20 --retry-connrefused --retry-delay 1 \
    -H "Authorization: Bearer $1" "http://127.0.0.1:$listen/page"
}
start default
seen=$(get 1.0_known)
curl -sk -o /dev/null "$issuer/revoked"
seen="$seen $(get 1.0_known) $(get 1.0_new)"
kept=$(sed -n 's/.*section=a,.*ttl(s)=\([0-9]*\).*/\1/p' default.log | head -1)
kill $apache; wait $apache || true
curl -sk -o /dev/null "$issuer/good"
start asks 'OIDCOAuthTokenIntrospectionInterval -1'
seen="$seen $(get 1.0_known)"
curl -sk -o /dev/null "$issuer/revoked"
seen="$seen $(get 1.0_known)"
echo "$seen, kept for ${kept:-?} seconds"
[ "$seen" = '200 200 401 200 401' ] && [ "${kept:-0}" -gt 25900000 ] ||
  { echo 'mod_auth_openidc behaves in another way now' >&2; exit 1; }
