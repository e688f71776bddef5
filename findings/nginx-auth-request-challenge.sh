#!/usr/bin/env bash
# nginx 1.22.1 (Debian 12), auth_request: what the asked service says beside a 401 is lost.
#
# The specification: RFC 6750, 3 and 3.1: a refused call carries WWW-Authenticate with the error; insufficient_scope is a 403.
# Seen, where the service that is asked answers with WWW-Authenticate: Bearer error="…" and Retry-After: 1:
#   401 -> 401 with the challenge
#   403 -> 403 without it
#   503 -> 500 without either: "try again in a second" becomes "this server is broken"
# For our users: a partner's program cannot tell "this API is not ticked" from a page that is forbidden, and does not wait.
# In the product: gateway/nginx/store-apis.conf hands the challenge on by auth_request_set, and makes 503 of the 500.
# Needs: Debian 12 with apt-get, curl, node and the library libpcre2-8-0.
set -eu
tmp=$(mktemp -d)
node='' nginx=''
trap 'kill $node $nginx 2>/dev/null || true; wait; rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq -o APT::Sandbox::User=root nginx=1.22.1-9+deb12u11
dpkg-deb -x nginx_*.deb root
cat > asked.mjs <<'JS'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  response.writeHead(+request.url.slice(1), { 'WWW-Authenticate': 'Bearer error="why"', 'Retry-After': '1' }).end()
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', `${server.address().port}`))
JS
timeout 60 node asked.mjs & node=$!
until [ -s port ] || ! kill -0 $node; do sleep 0.2; done
listen=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
mkdir html && echo page > html/index.html
cat > conf <<CONF
daemon off; master_process off; pid $tmp/pid; error_log $tmp/log;
events {}
http {
  access_log off;
  client_body_temp_path $tmp/a; proxy_temp_path $tmp/b; fastcgi_temp_path $tmp/c; uwsgi_temp_path $tmp/d; scgi_temp_path $tmp/e;
  server {
    listen 127.0.0.1:$listen;
    root $tmp/html;
    location /401 { auth_request /ask/401; try_files /index.html =404; }
    location /403 { auth_request /ask/403; try_files /index.html =404; }
    location /503 { auth_request /ask/503; try_files /index.html =404; }
    location /ask/ { internal; proxy_pass http://127.0.0.1:$(cat port)/; proxy_pass_request_body off; proxy_set_header Content-Length ""; }
  }
}
CONF
timeout 60 root/usr/sbin/nginx -p "$tmp" -e "$tmp/log" -c "$tmp/conf" & nginx=$!
seen=$(for status in 401 403 503; do
  curl -s -o /dev/null -D head --max-time 10 --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$listen/$status"
  tr -d '\r' < head | sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p; /^WWW-Authenticate:/p; /^Retry-After:/p' | paste -sd' '
done)
echo "$seen"
expected=$'401 WWW-Authenticate: Bearer error="why"\n403\n500'
[ "$seen" = "$expected" ] || { echo 'auth_request of nginx behaves in another way now' >&2; exit 1; }
