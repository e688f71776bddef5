import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to the database that a test can freeze and cut. */
export type Wire = {
  /** The same database, through the wire. */
  through: (url: string) => string
  /** Nothing gets through any more, and nobody hears of it; new connections are taken and stay silent. */
  freeze(): void
  /** The wire works again. Only for connections made from now on: a frozen one has lost what was sent. */
  thaw(): void
  /** All connections are reset, new ones are refused. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function openWire(): Promise<Wire> {
  const sockets = new Set<Socket>()
  let target = { host: '', port: 0 }
  let frozen = false
  let port = 0

  const server = createServer((near) => {
    const far = frozen ? undefined : connect(target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      if (!from) continue
      sockets.add(from)
      from.on('data', (chunk) => {
        if (!frozen) to?.write(chunk)
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to?.destroy()
      })
    }
  })
  const listen = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const cut = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.resetAndDestroy()
    await closed
  }
  await listen()
  return {
    through(url) {
      const changed = new URL(url)
      target = { host: changed.hostname, port: Number(changed.port) }
      changed.hostname = '127.0.0.1'
      changed.port = String(port)
      return changed.href
    },
    freeze() {
      frozen = true
    },
    thaw() {
      frozen = false
    },
    cut,
    mend: listen,
    async close() {
      if (server.listening) await cut()
    },
  }
}
