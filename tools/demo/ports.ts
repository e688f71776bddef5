import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** The product's demo has known passwords: nobody but this machine gets at it. */
export const demoHost = '127.0.0.1'

export type DemoPorts = { web: number; gateway: number; metrics: number }

const variables = { web: 'PORT', gateway: 'GATEWAY_PORT', metrics: 'METRICS_PORT' } as const

export function readDemoPorts(environment: NodeJS.ProcessEnv): DemoPorts {
  const ports = {
    web: readPort(environment, variables.web, 3000),
    gateway: readPort(environment, variables.gateway, 3001),
    metrics: readPort(environment, variables.metrics, 3002),
  }
  const users = Map.groupBy(portsOf(ports), ({ port }) => port)
  for (const [port, same] of users) {
    const names = same.map(({ variable }) => variable).join(' and ')
    if (same.length > 1) throw new Error(`${names} must differ; they are ${port}.`)
  }
  return ports
}

function portsOf(ports: DemoPorts) {
  const names = Object.keys(variables) as (keyof DemoPorts)[]
  return names.map((name) => ({ variable: variables[name], port: ports[name] }))
}

function readPort(environment: NodeJS.ProcessEnv, variable: string, fallback: number) {
  const text = environment[variable] || `${fallback}`
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new Error(`${variable} must be a number from 1 to 65535; it is "${text}".`)
}

/**
 * @param patienceMs how long the processes of a killed demo may take to let go of their ports.
 * @param command what the person has typed.
 */
export async function refuseTakenPorts(
  ports: DemoPorts,
  { patienceMs, command }: { patienceMs: number; command: string },
) {
  const deadline = Date.now() + patienceMs
  for (const { variable, port } of portsOf(ports)) await refuseTaken(variable, port, { deadline, command })
}

type Taken = { deadline: number; command: string }

async function refuseTaken(variable: string, port: number, { deadline, command }: Taken) {
  for (;;) {
    const problem = await problemOf(port)
    if (problem === undefined) return
    if (problem === 'EADDRINUSE' && Date.now() < deadline) {
      await pause(100)
      continue
    }
    const reason = problem === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${problem})`
    throw new Error(`Port ${port} ${reason}. Choose another one: ${variable}=${port + 100} ${command}`)
  }
}

function problemOf(port: number) {
  return new Promise<string | undefined>((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, demoHost, () => probe.close(() => resolve(undefined)))
  })
}
