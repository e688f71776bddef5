#!/usr/bin/env bash
# Authlib 1.8.0 (Python): a revocation that was not done raises nothing.
#
# The specification: RFC 7009, 2.2.1: at 503 "the client must assume the token still exists and may retry after a reasonable
# delay".
# Seen, against a server that answers 503 with {"error":"temporarily_unavailable"} to each request:
#   OAuth2Session.fetch_token()    raises HTTPError
#   OAuth2Session.revoke_token()   returns the answer, as for a revocation that was done
# For our users: a program that ends its token when it is uninstalled believes so, and the token lives on.
# In the product: gateway/README.md, "A program ends its own token": only 200 says that it is dead.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m pip install --quiet --quiet --disable-pip-version-check --root-user-action=ignore --target "$tmp" \
  authlib==1.8.0 requests==2.34.2 2> "$tmp/pip" || { cat "$tmp/pip" >&2; exit 1; }
cat > "$tmp/run.py" <<'PY'
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from authlib.integrations.requests_client import OAuth2Session

class Unavailable(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        body = b'{"error":"temporarily_unavailable"}'
        self.send_response(503)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = HTTPServer(('127.0.0.1', 0), Unavailable)
Thread(target=server.serve_forever, daemon=True).start()
address = f'http://127.0.0.1:{server.server_port}'
session = OAuth2Session('shop', 'the first secret')

def outcome(ask):
    try:
        return f'returns {ask().status_code}'
    except Exception as error:
        return f'raises {type(error).__name__}'

seen = [
    outcome(lambda: session.fetch_token(f'{address}/token', grant_type='client_credentials')),
    outcome(lambda: session.revoke_token(f'{address}/revoke', token='x')),
]
server.shutdown()
print('\n'.join(seen))
if seen != ['raises HTTPError', 'returns 503']:
    raise SystemExit('Authlib behaves in another way now')
PY
PYTHONPATH="$tmp" timeout 60 python3 "$tmp/run.py"
