import { Client, type ClientConfig } from 'pg'

/** What pg keeps to itself of a client. */
type Internals = {
  readyForQuery?: boolean
  _ending: boolean
  _ended: boolean
  _connected: boolean
  connection: { stream: { end(): void } }
}

/** How long the server may take to notice that we are gone. Its keep-alive ends what has no way back to us before. */
const forgottenAfterMs = 300_000

/** So many connections were given up whose server processes are still there that no other is opened. */
export class TooManyAbandoned extends Error {
  /** Of the class "insufficient resources", as PostgreSQL's own "too many clients". */
  readonly code = '53300'
  constructor(count: number) {
    super(
      `${count} connections were given up and the database has not ended them yet: no other one is opened`,
    )
  }
}

export type BoundedClient = Client & {
  /** Since when a statement has been under way, by `performance.now()`; undefined where there is none. */
  busySince(): number | undefined
}

export type BoundedClientClass = new (config?: string | ClientConfig) => BoundedClient

/**
 * Makes clients, none any more while over `maxAbandoned` were given up that the server has not ended: a pool of as many
 * has twice its connections at most. A client that has a statement under way is only half closed: the server's end of
 * the connection closes when its process is gone.
 * Without it each time-out left a process behind, and the next connection was one more.
 */
export function boundedClients(maxAbandoned: number, live?: Set<BoundedClient>): BoundedClientClass {
  const abandoned = new Set<Client>()

  return class extends Client {
    #askedAt = 0

    constructor(config?: string | ClientConfig) {
      super(config)
      this.once('end', () => {
        abandoned.delete(this)
        live?.delete(this)
      })
    }

    override connect(): Promise<this>
    override connect(callback: (error: Error) => void): void
    // biome-ignore lint/suspicious/noExplicitAny: pg has one method for two ways of calling it.
    override connect(callback?: any): any {
      if (abandoned.size > maxAbandoned) {
        const error = new TooManyAbandoned(abandoned.size)
        if (!callback) return Promise.reject(error)
        process.nextTick(callback, error)
        return
      }
      live?.add(this)
      return callback ? super.connect(callback) : super.connect()
    }

    // biome-ignore lint/suspicious/noExplicitAny: all of pg's ways to call it.
    override query(...args: any[]): any {
      this.#askedAt = performance.now()
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      return (super.query as any)(...args)
    }

    busySince() {
      const { readyForQuery, _connected, _ended } = this as unknown as Internals
      return _connected && !_ended && readyForQuery === false ? this.#askedAt : undefined
    }

    override end(): Promise<void>
    override end(callback: (error: Error) => void): void
    // biome-ignore lint/suspicious/noExplicitAny: pg has one method for two ways of calling it.
    override end(callback?: any): any {
      if (this.busySince() === undefined) return callback ? super.end(callback) : super.end()
      this.#abandon()
      if (!callback) return Promise.resolve()
      process.nextTick(callback)
    }

    #abandon() {
      const inside = this as unknown as Internals
      // What comes on it from now on concerns nobody, its end included.
      inside._ending = true
      this.on('error', () => {})
      live?.delete(this)
      abandoned.add(this)
      setTimeout(() => abandoned.delete(this), forgottenAfterMs).unref()
      inside.connection.stream.end()
    }
  }
}
