import { join } from 'node:path'
import { connect, type Database } from '#db/client.ts'
import { openWire, type Wire } from '#tools/wire.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { openRestartableDatabase, type RestartableDatabase } from './restartable-database.ts'

/** A database of its own, connections of different people to it, and what runs three processes of the gateway. */
export type Stage = {
  database: RestartableDatabase
  owner: Database
  /** The application's login without its role: only then it sees and ends its own connections. */
  login: Database
  web: Database
  startGateways(): Promise<GatewayProcess[]>
  /** To the database, of each gateway, where they hold leases. */
  wires: Wire[]
  /** Ends everything. */
  close(): Promise<void>
}

const gatewayNames = ['gateway 1', 'gateway 2', 'gateway 3']

export type StageOptions = {
  /** The gateway's, where it is not this one. */
  checkout?: string
  /** Gateways hold leases of this length, and reach the database by a wire each. */
  leaseMs?: number
}

export async function openStage(dataDir: string, { checkout, leaseMs }: StageOptions): Promise<Stage> {
  const database = await openRestartableDatabase(join(dataDir, 'database'))
  const opened: Database[] = []
  const open = (options: Parameters<typeof connect>[0]) => {
    const db = connect(options)
    opened.push(db)
    return db
  }
  const owner = open({
    url: database.ownerUrl,
    applicationName: 'filling',
    role: 'owner',
    queryTimeoutMs: 120_000,
  })
  const login = open({ url: database.appUrl, applicationName: 'disturbing', role: 'owner' })
  const web = open({
    url: database.appUrl,
    applicationName: 'revoking',
    queryTimeoutMs: 60_000,
    maxConnections: 16,
  })
  const processes: GatewayProcess[] = []
  const wires: Wire[] = []
  async function byWire(url: string) {
    const wire = await openWire({ port: Number(new URL(url).port) })
    wires.push(wire)
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(wire.port) }).href
  }
  return {
    ...{ database, owner, login, web, wires },
    async startGateways() {
      for (const name of gatewayNames) {
        processes.push(
          await startGatewayProcess({
            name,
            databaseUrl: leaseMs === undefined ? database.appUrl : await byWire(database.appUrl),
            logFile: join(dataDir, `${name.replace(' ', '-')}.log`),
            ...(checkout && { checkout }),
            ...(leaseMs !== undefined && { environment: { GATEWAY_LEASES: String(leaseMs) } }),
          }),
        )
      }
      return processes
    },
    async close() {
      await Promise.all(processes.map((gateway) => gateway.stop()))
      await Promise.all(wires.map((wire) => wire.close()))
      await database.discard()
      await Promise.all(opened.map((db) => db.$client.end()))
    },
  }
}
