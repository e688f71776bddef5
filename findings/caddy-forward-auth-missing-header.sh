#!/usr/bin/env bash
# Caddy 2.6.2 (Debian 12), forward_auth: a header that the asked service did not send goes on as the name of a variable.
#
# Its manual: copy_headers names fields of the answer that are put into the request; of a field that is not there it says nothing.
# Seen behind "copy_headers X-Store-Id X-Partner-Id", where the asked service answers 200 with X-Store-Id alone:
#   X-Store-Id     harbor-lights
#   X-Partner-Id   {http.reverse_proxy.header.X-Partner-Id}
# For our users: a service that tells by the header whether a partner is behind the call sees one, of a strange name.
# In the product: gateway/examples/caddy/Caddyfile copies only headers that /authorize sends.
# Needs: Debian 12 with apt-get, curl, node and the library libzstd1.
set -eu
tmp=$(mktemp -d)
node='' caddy=''
trap 'kill $node $caddy 2>/dev/null || true; wait; rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq -o APT::Sandbox::User=root caddy=2.6.2-5
dpkg-deb -x caddy_*.deb root
cat > asked.mjs <<'JS'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const server = createServer(({ headers, url }, response) => {
  if (url === '/ask') response.setHeader('X-Store-Id', 'harbor-lights').end()
  else response.end(`${headers['x-store-id']} ${headers['x-partner-id']}`)
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', `${server.address().port}`))
JS
timeout 60 node asked.mjs & node=$!
until [ -s port ] || ! kill -0 $node; do sleep 0.2; done
listen=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
cat > Caddyfile <<CONF
{
  admin off
}
http://127.0.0.1:$listen {
  route {
    forward_auth 127.0.0.1:$(cat port) {
      uri /ask
      copy_headers X-Store-Id X-Partner-Id
    }
    reverse_proxy 127.0.0.1:$(cat port)
  }
}
CONF
HOME="$tmp" timeout 60 root/usr/bin/caddy run --config Caddyfile 2>log & caddy=$!
seen=$(curl -s --max-time 10 --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$listen/page")
echo "$seen"
[ "$seen" = 'harbor-lights {http.reverse_proxy.header.X-Partner-Id}' ] ||
  { echo 'forward_auth of Caddy behaves in another way now' >&2; exit 1; }
