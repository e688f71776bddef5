import { readFileSync } from 'node:fs'
import { findNginx, startNginx } from '#gateway/testing/nginx.ts'

const documented = new URL('../../gateway/examples/nginx/store-apis.conf', import.meta.url)

/** The documented nginx: it asks the gateway about the token of every call, and passes those that are let in on to the service. */
export function startAskingNginx({ gateway, service }: { gateway: number; service: number }) {
  const settings = readFileSync(documented, 'utf8')
    .replace('server 127.0.0.1:3001;', `server 127.0.0.1:${gateway};`)
    .replace('server 127.0.0.1:8080;', `server 127.0.0.1:${service};`)
  return start((port) => settings.replace('listen 80;', `listen 127.0.0.1:${port};`))
}

/** Passes every call on to the same service, and asks nobody. */
export function startPlainNginx({ service }: { service: number }) {
  return start(
    (port) => `
      upstream store_service { server 127.0.0.1:${service}; keepalive 32; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://store_service;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $host;
          proxy_set_header Authorization "";
        }
      }`,
  )
}

async function start(servers: (port: number) => string) {
  const program = findNginx()
  if (!program) throw new Error('not on this machine')
  const { port, pid = 0, close } = await startNginx(program, servers)
  return { port, pid, close }
}
