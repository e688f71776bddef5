import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** On a free port of 127.0.0.1, which the benchmark learns; ends when asked to, and with the benchmark. */
export function listen(server: Server) {
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ listening: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  })
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.on(signal, () => process.exit())
}
