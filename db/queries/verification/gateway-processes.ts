import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { gatewayProcesses } from '../../schema/gateway-processes.ts'
import type { Ends } from '../../schema/refusal-proofs.ts'

/** All times are the database's: processes on several machines have several clocks. */
const ago = (ms: number) => sql`clock_timestamp() - ${ms}::double precision * interval '1 millisecond'`

/** As long as a client of `/introspect` may rely on an answer at most. */
const longestMaxAgeMs = 86_400_000

/** What `lookUpStatement` judges by, as the column says it: one more with each kind of end that is added. */
const lookUpVersion = 3

/** The first version whose look-up knows them. */
const firstToKnow = { 'cut-offs': 2, pauses: 3 }

/**
 * Says that the process is alive at this moment; a row that was pruned or lost comes back.
 * @returns that moment, by the database's clock.
 */
export async function noteHeartbeat(
  db: Queryable,
  {
    id,
    name,
    runningForMs,
    maxAges = {},
    address = null,
  }: { id: string; name: string; runningForMs: number; maxAges?: Ends; address?: string | null | undefined },
): Promise<Date> {
  const said = { heartbeatAt: sql`clock_timestamp()`, lookUpVersion, maxAges, address }
  const [noted] = await db
    .insert(gatewayProcesses)
    .values({ id, name, startedAt: ago(runningForMs), ...said })
    .onConflictDoUpdate({ target: gatewayProcesses.id, set: said })
    .returning({ at: gatewayProcesses.heartbeatAt })
  if (!noted) throw new Error('A heartbeat was not written.')
  return noted.at
}

/** The processes that said within the last `withinMs` that they are alive, by name. */
export async function listLiveProcesses(db: Queryable, { withinMs }: { withinMs: number }) {
  return db
    .select({
      id: gatewayProcesses.id,
      name: gatewayProcesses.name,
      heartbeatAt: gatewayProcesses.heartbeatAt,
    })
    .from(gatewayProcesses)
    .where(and(isNull(gatewayProcesses.endedAt), sql`${gatewayProcesses.heartbeatAt} > ${ago(withinMs)}`))
    .orderBy(asc(gatewayProcesses.name), asc(gatewayProcesses.id))
}

/**
 * Processes that did not end in order and were heard of within the last `withinMs`, by name. `isAlive`: within `aliveWithinMs`. Left out is
 * one that is not, where another has its address since.
 */
export async function listGatewaysToCall(
  db: Queryable,
  { withinMs, aliveWithinMs }: { withinMs: number; aliveWithinMs: number },
) {
  const { id, name, address, heartbeatAt, endedAt } = gatewayProcesses
  const processes = await db
    .select({ id, name, address, isAlive: sql<boolean>`${heartbeatAt} > ${ago(aliveWithinMs)}` })
    .from(gatewayProcesses)
    .where(and(isNull(endedAt), sql`${heartbeatAt} > ${ago(withinMs)}`))
    .orderBy(asc(name), asc(id))
  const taken = new Set(processes.filter(({ isAlive }) => isAlive).map((process) => process.address))
  return processes.filter((process) => process.isAlive || !taken.has(process.address))
}

/**
 * Processes that are alive (their heartbeat is not older than `aliveWithinMs`), and those that are not but whose answers somebody may
 * still rely on; by name.
 */
export async function listProcessesOfProof(db: Queryable, { aliveWithinMs }: { aliveWithinMs: number }) {
  return db
    .select({
      id: gatewayProcesses.id,
      name: gatewayProcesses.name,
      heartbeatAt: gatewayProcesses.heartbeatAt,
      isAlive: sql<boolean>`${gatewayProcesses.endedAt} is null and ${gatewayProcesses.heartbeatAt} > ${ago(aliveWithinMs)}`,
      maxAges: gatewayProcesses.maxAges,
      endedAt: gatewayProcesses.endedAt,
      reliedUntil: gatewayProcesses.reliedUntil,
    })
    .from(gatewayProcesses)
    .where(sql`${gatewayProcesses.heartbeatAt} > ${ago(aliveWithinMs + longestMaxAgeMs)}`)
    .orderBy(asc(gatewayProcesses.name), asc(gatewayProcesses.id))
}

export async function removeProcess(db: Queryable, id: string) {
  await db.delete(gatewayProcesses).where(eq(gatewayProcesses.id, id))
}

/** The process has ended in order, and somebody may still rely on what it answered. */
export async function noteEnd(db: Queryable, { id, reliedUntil }: { id: string; reliedUntil: Ends }) {
  await db
    .update(gatewayProcesses)
    .set({ endedAt: sql`clock_timestamp()`, reliedUntil })
    .where(eq(gatewayProcesses.id, id))
}

/** Processes whose look-up does not know what is to be done, unless they were silent for longer than `withinMs`; by name. */
export async function listOlderGateways(
  db: Queryable,
  { knowing, withinMs }: { knowing: keyof typeof firstToKnow; withinMs: number },
) {
  return db
    .select({ name: gatewayProcesses.name })
    .from(gatewayProcesses)
    .where(
      sql`${gatewayProcesses.endedAt} is null and ${gatewayProcesses.lookUpVersion} < ${firstToKnow[knowing]} and ${gatewayProcesses.heartbeatAt} > ${ago(withinMs)}`,
    )
    .orderBy(asc(gatewayProcesses.name))
}
