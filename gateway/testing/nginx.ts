import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** An nginx of a test or of a benchmark, with all that it writes in a folder of its own. */
export type Nginx = { port: number; pid: number | undefined; close: () => Promise<void> }

export const findNginx = () => findProgram('nginx')

/** Where Debian puts nginx, only root has it in PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** @param servers what stands in the `http` context, for the port that it is to listen on */
export async function startNginx(program: string, servers: (port: number) => string): Promise<Nginx> {
  const port = await findFreePort()
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const configuration = [
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid;`,
    // A master of root's gives its worker to another user, who could not write here.
    process.getuid?.() === 0 ? 'user root;' : '',
    `events {} http { access_log off; ${temporary.join(' ')}\n${servers(port)}}`,
  ]
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration.join('\n'))
  const child = spawn(program, ['-p', folder, '-c', file, '-e', 'stderr'])
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const close = async () => {
    const ended = once(child, 'exit')
    if (child.kill('SIGTERM')) await ended
    rmSync(folder, { recursive: true })
  }
  try {
    await untilListening(port)
  } catch (cause) {
    await close()
    throw new Error(`nginx does not answer: ${errors}`, { cause })
  }
  return { port, pid: child.pid, close }
}

async function untilListening(port: number) {
  const givenUpAt = Date.now() + 10_000
  for (;;) {
    try {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
      return
    } catch (error) {
      if (Date.now() > givenUpAt) throw error
      await setTimeout(20)
    }
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
