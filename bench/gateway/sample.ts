/** One window of one server at one number of connections. Times in microseconds. */
export type Sample = {
  perSecond: number
  /** Of a thousand requests, those that the server would not answer in time (503). */
  unavailable: number
  p50: number
  p99: number
  /** CPU time of the server's process for one request; `undefined` where the machine does not tell. */
  serverCpu: number | undefined
  /** The same of PostgreSQL, all its processes together. */
  databaseCpu: number | undefined
}

export const bareName = 'bare node:http'

/** What takes part in the rotation: one server on one database. */
export type Contestant = {
  name: string
  /** Tokens in its database; `undefined`: it has none. */
  tokens: number | undefined
  /** It takes part at these numbers of connections alone; at all where nothing is said. */
  connections?: readonly number[]
  /** Throws where it cannot: the others go on. */
  measure(how: { connections: number; seconds: number }): Promise<Sample>
}
