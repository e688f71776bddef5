import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ok, type Result, refuse } from '../result.ts'

type Where = { host: string; port: number; what: string; variable: string }

/** Refuses with a message that names the variable, where the port cannot be had. */
export function tryToListen(
  of: Server,
  where: Where,
): Promise<Result<{ url: string; port: number }, string>> {
  return new Promise((resolve) => {
    of.once('error', (error) => resolve(refuse(failureOf(error, where))))
    of.listen(where.port, where.host, () => {
      const { address, family, port } = of.address() as AddressInfo
      resolve(ok({ url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, port }))
    })
  })
}

function failureOf(error: NodeJS.ErrnoException, { host, port, what, variable }: Where): string {
  const where = `${host}:${port}`
  switch (error.code) {
    case 'EADDRINUSE':
      return `${what} cannot listen on ${where}: another program does. Set ${variable} to a free port.`
    case 'EACCES':
      return `${what} may not listen on ${where}. Set ${variable} to a port above 1023.`
    default:
      return `${what} cannot listen on ${where}: ${error.message}`
  }
}
