import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checkoutFolder } from '#tools/checkout.ts'

/** Where an example finds what it works with, and where it is to listen. */
export type Place = {
  folder: string
  port: number
  gateway: string
  /** The same with TLS, and the file of its certificate. */
  internal: string
  certificate: string
  service: string
}

export type Example = {
  name: string
  /** Of Debian, where nothing else is said. */
  packages: string
  isThere: () => boolean
  version: () => string
  /** Writes what is needed into the folder of its own. Returns the command that serves in the foreground. */
  prepare: (place: Place) => { command: string; args: string[]; env?: Record<string, string> }
}

const examples = join(checkoutFolder, 'gateway/examples')
const modules = '/usr/lib/apache2/modules'
const textOf = (file: string) => readFileSync(join(examples, file), 'utf8')
const debianVersion = (name: string) => {
  const { stdout } = spawnSync('dpkg-query', ['--show', name], { encoding: 'utf8' })
  return stdout.split('\t')[1]?.replace(/^\d+:|[-+].*\s*$/g, '') ?? ''
}

export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
}

/** Each text has to be there, so that a changed example is not run as another one. */
function replaced(text: string, changes: [from: string, to: string][]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`An example has no "${from}" any more.`)
    return changed.replaceAll(from, to)
  }, text)
}

const hostOf = (url: string) => new URL(url).host

type Change = (place: Place) => [from: string, to: string][]

function apache(
  name: string,
  { file, module, changes }: { file: string; module: string; changes: Change },
): Example {
  return {
    name,
    packages: `apache2 libapache2-mod-${module.replace('_', '-').replace('_', '-')}`,
    isThere: () => existsSync(`${modules}/mod_${module}.so`),
    version: () => debianVersion(`libapache2-mod-${module.replaceAll('_', '-')}`),
    prepare(place) {
      const { folder, port } = place
      const loaded = [
        'mpm_event',
        'authn_core',
        'authz_core',
        'authz_user',
        'headers',
        'proxy',
        'proxy_http',
        module,
      ]
      const lines = [
        ...[
          `ServerRoot ${folder}`,
          'ServerName 127.0.0.1',
          `Listen 127.0.0.1:${port}`,
          `PidFile ${folder}/pid`,
        ],
        ...[`ErrorLog ${folder}/log`, `DefaultRuntimeDir ${folder}`, `Mutex file:${folder}`],
        ...loaded.map((one) => `LoadModule ${one}_module ${modules}/mod_${one}.so`),
        replaced(textOf(file), changes(place)),
      ]
      writeFileSync(join(folder, 'apache.conf'), lines.join('\n'))
      return { command: '/usr/sbin/apache2', args: ['-f', join(folder, 'apache.conf'), '-DFOREGROUND'] }
    },
  }
}

const openidc: Change = ({ internal, certificate, service }) => [
  ['https://introspect.store.internal:8443', internal],
  ['OIDCOAuthClientSecret SECRET', `OIDCOAuthClientSecret ${secret}\nOIDCCABundlePath ${certificate}`],
  ['http://127.0.0.1:8080', service],
]
const oauth2: Change = ({ gateway, service }) => [
  ['http://127.0.0.1:3001', gateway],
  ['client_secret=SECRET', `client_secret=${secret}`],
  ['http://127.0.0.1:8080', service],
]

function django(name: string, more: [from: string, to: string][]): Example {
  return {
    name,
    packages: 'python3-django-oauth-toolkit',
    isThere: () => existsSync('/usr/lib/python3/dist-packages/oauth2_provider'),
    version: () => debianVersion('python3-django-oauth-toolkit'),
    prepare({ folder, port, gateway }) {
      const settings = replaced(textOf('django/settings.py'), [
        ['http://127.0.0.1:3001', gateway],
        ['"SECRET"', `"${secret}"`],
        ...more,
      ])
      writeFileSync(join(folder, 'settings.py'), settings)
      cpSync(join(checkoutFolder, 'e2e/resource-servers/django-service.py'), join(folder, 'service.py'))
      return { command: '/usr/bin/python3', args: ['-W', 'ignore', join(folder, 'service.py'), String(port)] }
    },
  }
}

export const client = 'warehouse'
export const secret = 'only-for-resource-servers-0123'

export const allExamples: Example[] = [
  apache('Apache mod_auth_openidc, by default', {
    file: 'apache/mod-auth-openidc.conf',
    module: 'auth_openidc',
    changes: (place) => [...openidc(place), ['\nOIDCOAuthTokenIntrospectionInterval -1', '']],
  }),
  apache('Apache mod_auth_openidc, as the example', {
    file: 'apache/mod-auth-openidc.conf',
    module: 'auth_openidc',
    changes: openidc,
  }),
  apache('Apache mod_oauth2, by default', {
    file: 'apache/mod-oauth2.conf',
    module: 'oauth2',
    changes: (place) => [...oauth2(place), ['&expiry=0', '']],
  }),
  apache('Apache mod_oauth2, as the example', {
    file: 'apache/mod-oauth2.conf',
    module: 'oauth2',
    changes: oauth2,
  }),
  django('Django OAuth Toolkit, by default', [['    "RESOURCE_SERVER_TOKEN_CACHING_SECONDS": 1,\n', '']]),
  django('Django OAuth Toolkit, as the example', []),
  {
    name: 'nginx `auth_request`',
    packages: 'nginx',
    isThere: () => findProgram('nginx') !== undefined,
    version: () => debianVersion('nginx'),
    prepare({ folder, port, gateway, service }) {
      const servers = replaced(textOf('nginx/store-apis.conf'), [
        ['server 127.0.0.1:3001;', `server ${hostOf(gateway)};`],
        ['server 127.0.0.1:8080;', `server ${hostOf(service)};`],
        ['listen 80;', `listen 127.0.0.1:${port};`],
      ])
      const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (one) => `${one}_temp_path ${folder}/${one};`,
      )
      const user = process.getuid?.() === 0 ? 'user root;' : ''
      const main = `daemon off; ${user} worker_processes 1; pid ${folder}/pid;`
      writeFileSync(
        join(folder, 'nginx.conf'),
        `${main} events {} http { access_log off; ${kept.join(' ')}\n${servers}}`,
      )
      return {
        command: findProgram('nginx') ?? '',
        args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
      }
    },
  },
  {
    name: 'Caddy `forward_auth`',
    packages: 'caddy',
    isThere: () => findProgram('caddy') !== undefined,
    version: () => debianVersion('caddy'),
    prepare({ folder, port, gateway, service }) {
      const text = replaced(textOf('caddy/Caddyfile'), [
        [':80 {', `:${port} {\n\tbind 127.0.0.1`],
        ['127.0.0.1:3001', hostOf(gateway)],
        ['127.0.0.1:8080', hostOf(service)],
      ])
      writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${text}`)
      const args = ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
      return { command: findProgram('caddy') ?? '', args, env: { HOME: folder } }
    },
  },
  {
    name: 'HAProxy with Lua',
    packages: 'haproxy',
    isThere: () => findProgram('haproxy') !== undefined,
    version: () => debianVersion('haproxy'),
    prepare({ folder, port, gateway, service }) {
      const lua = replaced(textOf('haproxy/authorize.lua'), [['127.0.0.1:3001', hostOf(gateway)]])
      writeFileSync(join(folder, 'authorize.lua'), lua)
      const text = replaced(textOf('haproxy/haproxy.cfg'), [
        ['lua-load authorize.lua', `lua-load ${folder}/authorize.lua`],
        ['bind :80', `bind 127.0.0.1:${port}`],
        ['127.0.0.1:8080', hostOf(service)],
      ])
      writeFileSync(join(folder, 'haproxy.cfg'), text)
      return { command: findProgram('haproxy') ?? '', args: ['-db', '-f', join(folder, 'haproxy.cfg')] }
    },
  },
  {
    name: 'npm token-introspection',
    packages: '(npm) token-introspection@3.3.0',
    isThere: () => true,
    version: () => '3.3.0',
    prepare({ folder, port, gateway }) {
      mkdirSync(join(folder, 'node_modules'), { recursive: true })
      const install = spawnSync('npm', ['install', '--no-audit', '--no-fund', 'token-introspection@3.3.0'], {
        cwd: folder,
      })
      if (install.status !== 0)
        throw new Error(`npm could not install token-introspection: ${install.stderr}`)
      const text = replaced(textOf('node/server.mjs'), [
        ['http://127.0.0.1:3001', gateway],
        ["'SECRET'", `'${secret}'`],
        ['listen(8080)', `listen(${port}, '127.0.0.1')`],
      ])
      writeFileSync(join(folder, 'server.mjs'), text)
      return { command: process.execPath, args: [join(folder, 'server.mjs')] }
    },
  },
]
