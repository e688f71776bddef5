#!/usr/bin/env bash
# Django OAuth Toolkit 1.7.0 (Debian 12), as a resource server that introspects: `exp` is read in the zone of the settings, not UTC.
#
# The specification: RFC 7662, 2.2: `exp` counts seconds since 1970 in UTC. It has no zone.
# Seen, for a token that is good for another 8 hours, RESOURCE_SERVER_TOKEN_CACHING_SECONDS of a day, and the expiry written down:
#   TIME_ZONE UTC                 200, in 8 hours
#   TIME_ZONE Asia/Tokyo          403, an hour ago
#   TIME_ZONE America/Phoenix     200, in 15 hours
# USE_TZ is True in each.
# For our users: a service in Japan refuses a good token in the last nine hours of its life.
# In the product: gateway/examples/django/settings.py says TIME_ZONE = "UTC", and gateway/README.md, "Asked by services that
# introspect", says why.
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

answer = {'active': True, 'scope': 'order', 'client_id': 'shop', 'exp': int(time.time()) + 8 * 3600}

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
    SECRET_KEY='demo', USE_TZ=True, TIME_ZONE=sys.argv[1], ALLOWED_HOSTS=['*'], DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
    INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes', 'oauth2_provider'],
    OAUTH2_PROVIDER={
        'RESOURCE_SERVER_INTROSPECTION_URL': f'http://127.0.0.1:{server.server_port}/introspect',
        'RESOURCE_SERVER_INTROSPECTION_CREDENTIALS': ('shop', 'the-first-secret'),
        'RESOURCE_SERVER_TOKEN_CACHING_SECONDS': 86_400,
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
status = Page.as_view()(RequestFactory().get('/', HTTP_AUTHORIZATION='Bearer 1.0_good')).status_code
hours = (get_access_token_model().objects.get().expires.timestamp() - time.time()) / 3600
print(sys.argv[1], status, f'{hours:.1f}')
PY
seen=$(for zone in UTC Asia/Tokyo America/Phoenix; do
  PYTHONPATH="$tmp/root/usr/lib/python3/dist-packages" timeout 60 /usr/bin/python3 -W ignore run.py "$zone" 2>/dev/null
done)
echo "$seen"
[ "$seen" = $'UTC 200 8.0\nAsia/Tokyo 403 -1.0\nAmerica/Phoenix 200 15.0' ] ||
  { echo 'Django OAuth Toolkit reads exp in another way now' >&2; exit 1; }
