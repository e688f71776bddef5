import pg from 'pg'

export type DatabaseTime = {
  /** Sum over the statements, each from sending to its complete answer as the client sees it. */
  databaseMs: number
  statements: { text: string; values: unknown[] | undefined }[]
}

type Query = (...args: unknown[]) => unknown
type Config = string | { text: string; values?: unknown[] }

let current: DatabaseTime | undefined

/** Every statement of this process goes through here; what `work` causes is added up. Not for two at a time. */
export async function timeOfStatements<T>(work: () => Promise<T>): Promise<DatabaseTime & { result: T }> {
  const time: DatabaseTime = { databaseMs: 0, statements: [] }
  current = time
  try {
    const result = await work()
    return { ...time, result }
  } finally {
    current = undefined
  }
}

/** Of the work that goes on, up to now. */
export const databaseMsSoFar = () => current?.databaseMs ?? Number.NaN

const send = pg.Client.prototype.query as Query

pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const time = current
  if (!time) return send.apply(this, args)
  const config = args[0] as Config
  const values =
    typeof config === 'object' && config.values ? config.values : args.find((arg) => Array.isArray(arg))
  time.statements.push({
    text: typeof config === 'string' ? config : config.text,
    values: values as unknown[] | undefined,
  })
  const from = performance.now()
  const stop = () => {
    time.databaseMs += performance.now() - from
  }
  const callback = args.at(-1)
  if (typeof callback === 'function') {
    args[args.length - 1] = (...answer: unknown[]) => {
      stop()
      callback(...answer)
    }
    return send.apply(this, args)
  }
  const answer = send.apply(this, args) as Promise<unknown>
  return answer.finally(stop)
} as typeof pg.Client.prototype.query
