import { Pool, type PoolClient, type PoolConfig } from 'pg'

type OnClient = (
  error: Error | undefined,
  client?: PoolClient,
  release?: (destroy?: boolean | Error) => void,
) => void

/** What pg keeps to itself of a client. */
type Internals = { _connected: boolean; connection: { stream: { destroy(): void } } }

/**
 * A pool in which who asks may give up before the connection is made: the making goes on, and the next one has it. With
 * one time for both, a connection that takes longer than its callers wait was never made at all.
 */
export class PatientPool extends Pool {
  readonly #acquireTimeoutMs: number
  #onEnd = () => {}

  constructor(acquireTimeoutMs: number, config: PoolConfig) {
    super(config)
    this.#acquireTimeoutMs = acquireTimeoutMs
  }

  /** Called once, before the connections are closed. */
  whenEnded(listener: () => void) {
    this.#onEnd = listener
  }

  override connect(): Promise<PoolClient>
  override connect(callback: OnClient): void
  override connect(callback?: OnClient): Promise<PoolClient> | undefined {
    const acquired = this.#acquire()
    if (!callback) return acquired
    acquired.then(
      (client) => callback(undefined, client, (destroy) => client.release(destroy)),
      (error: Error) => callback(error, undefined, () => {}),
    )
    return undefined
  }

  override end(): Promise<void>
  override end(callback: () => void): void
  override end(callback?: () => void): Promise<void> | undefined {
    this.#onEnd()
    this.#endMaking()
    if (!callback) return super.end()
    super.end(callback)
    return undefined
  }

  /** A connection that is still being made would hold the end up until the time for making it is over. */
  #endMaking() {
    const { _clients: clients } = this as unknown as { _clients: Internals[] }
    for (const client of clients) if (!client._connected) client.connection.stream.destroy()
  }

  #acquire(): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      let isTooLate = false
      const timer = setTimeout(() => {
        isTooLate = true
        reject(new Error('timeout exceeded when trying to connect'))
      }, this.#acquireTimeoutMs)
      timer.unref()
      super.connect().then(
        (client) => {
          clearTimeout(timer)
          if (isTooLate) client.release()
          else resolve(client)
        },
        (error) => {
          clearTimeout(timer)
          reject(error)
        },
      )
    })
  }
}
