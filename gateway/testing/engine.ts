import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A store engine of a test, on a free port. */
export type Engine = {
  url: string
  port: number
  /** Every byte that any connection has brought. */
  received: () => Buffer
  /** How many connections there have been. */
  connections: () => number
  close: () => Promise<void>
}

export function openEngine(handle: RequestListener): Promise<Engine> {
  const server = createHttpServer(handle)
  return listen(server, () => {})
}

/** An engine that says what it likes: `speak` is called with each connection. */
export function openRawEngine(speak: (socket: Socket) => void): Promise<Engine> {
  return listen(createServer(), speak)
}

async function listen(server: Server, speak: (socket: Socket) => void): Promise<Engine> {
  const sockets = new Set<Socket>()
  const received: Buffer[] = []
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    speak(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received: () => Buffer.concat(received),
    connections: () => connections,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
