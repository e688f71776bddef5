#!/usr/bin/env bash
# Django OAuth Toolkit 1.7.0 (Debian 12), as a resource server that introspects: a good token is good for ten hours.
#
# The specification: RFC 7662, 4: an answer may be cached; the shorter, the sooner a revocation is noticed.
# Seen, with the defaults: the answer goes into the table of access tokens with an expiry in ten hours. The issuer then says
# "active": false of every token: the same token gets 200, one that was not asked about before 403.
# With RESOURCE_SERVER_TOKEN_CACHING_SECONDS = 0 each token is refused, good ones too: it has expired as it is written down.
# The least that works is 1.
# For our users: a revoked token is taken by that service for the rest of the day.
# In the product: gateway/README.md, "Asked by services that introspect", names the setting.
# Needs: Debian 12 with apt-get and python3.11.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq -o APT::Sandbox::User=root \
  python3-django-oauth-toolkit=1.7.0-2 python3-django=3:3.2.25-0+deb12u7 python3-asgiref=3.6.0-1 \
  python3-sqlparse=0.4.2-1+deb12u1 python3-oauthlib=3.2.2-1 python3-jwcrypto=1.1.0-1+deb12u1 \
  python3-deprecated=1.2.13-3 python3-wrapt=1.14.1-2+b2 python3-requests=2.28.1+dfsg-1 \
  python3-urllib3=1.26.12-1+deb12u4 python3-certifi=2022.9.24-1 python3-chardet=5.1.0+dfsg-2 \
  python3-idna=3.3-1+deb12u1 python3-six=1.16.0-4 python3-tz=2022.7.1-4 python3-cryptography=38.0.4-3+deb12u1 \
  python3-cffi-backend=1.15.1-5+b1 python3-jwt=2.6.0-1+deb12u1 
for package in *.deb; do dpkg-deb -x "$package" root; done
cat > run.py <<'PY'
import json, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import django
from django.conf import settings

answer = {'active': True, 'scope': 'order', 'client_id': 'shop', 'exp': int(time.time()) + 300 * 86_400}

class Issuer(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = HTTPServer(('127.0.0.1', 0), Issuer)
Thread(target=server.serve_forever, daemon=True).start()
settings.configure(
    SECRET_KEY='demo', USE_TZ=True, TIME_ZONE='UTC', ALLOWED_HOSTS=['*'], DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
    INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes', 'oauth2_provider'],
    OAUTH2_PROVIDER={
        'RESOURCE_SERVER_INTROSPECTION_URL': f'http://127.0.0.1:{server.server_port}/introspect',
        'RESOURCE_SERVER_INTROSPECTION_CREDENTIALS': ('shop', 'the-first-secret'),
        **json.loads(sys.argv[1]),
    },
    LOGGING_CONFIG=None,
)
django.setup()
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from oauth2_provider.models import get_access_token_model
from oauth2_provider.views.generic import ProtectedResourceView

class Page(ProtectedResourceView):
    def get(self, request):
        return HttpResponse('page')

call_command('migrate', verbosity=0)
ask = lambda token: Page.as_view()(RequestFactory().get('/', HTTP_AUTHORIZATION=f'Bearer {token}')).status_code
seen = [ask('1.0_known')]
hours = (get_access_token_model().objects.get().expires.timestamp() - time.time()) / 3600
answer = {'active': False}
print(*seen, ask('1.0_known'), ask('1.0_new'), f'{hours:.1f}')
PY
seen=$(for options in '{}' '{"RESOURCE_SERVER_TOKEN_CACHING_SECONDS": 0}'; do
  PYTHONPATH="$tmp/root/usr/lib/python3/dist-packages" timeout 60 /usr/bin/python3 -W ignore run.py "$options" 2>/dev/null
done)
echo "$seen"
[ "$seen" = $'200 200 403 10.0\n403 403 403 -0.0' ] || { echo 'Django OAuth Toolkit behaves in another way now' >&2; exit 1; }
