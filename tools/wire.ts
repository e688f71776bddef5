import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export type Trouble =
  /** All open connections are reset, and new ones refused. */
  | 'cut'
  /** Every piece of both directions comes `delayMs` later. */
  | { delayMs: number }
  /** What one side sends does not arrive; it arrives when the trouble ends, unless the connection is cut then. */
  | { held: 'requests' | 'answers' | 'both' }

/** A wire between two programs on this machine, which can be troubled. It never loses a byte in the middle of a connection. */
export type Wire = {
  port: number
  trouble(trouble: Trouble): void
  /** @param open what becomes of the connections that were open meanwhile. */
  mend(open: 'kept' | 'cut'): void
  /** New connections go to another program; the open ones are cut. */
  leadTo(port: number): void
  close(): Promise<void>
}

export async function openWire(to: { port: number }, host = '127.0.0.1'): Promise<Wire> {
  const pairs = new Set<Pair>()
  let trouble: Trouble | undefined
  let { port } = to
  const server: Server = createServer((near) => {
    if (trouble === 'cut') {
      near.resetAndDestroy()
      return
    }
    const pair = join(near, connect({ host, port }), () => trouble)
    pairs.add(pair)
    near.once('close', () => pairs.delete(pair))
  })
  server.listen(0, host)
  await once(server, 'listening')
  const cut = () => {
    for (const pair of pairs) pair.reset()
  }
  return {
    port: (server.address() as AddressInfo).port,
    trouble(next) {
      trouble = next
      if (next === 'cut') cut()
    },
    mend(open) {
      trouble = undefined
      if (open === 'cut') cut()
      else for (const pair of pairs) pair.flush()
    },
    leadTo(next) {
      port = next
      cut()
    },
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

type Pair = { reset(): void; flush(): void }

function join(near: Socket, far: Socket, current: () => Trouble | undefined): Pair {
  const requests = pass(near, far, 'requests', current)
  const answers = pass(far, near, 'answers', current)
  const reset = () => {
    // What is being ended cannot be reset: Node would keep it open for ever.
    for (const socket of [near, far]) {
      if (socket.writableEnded) socket.destroy()
      else socket.resetAndDestroy()
    }
  }
  for (const socket of [near, far]) {
    socket.setNoDelay(true)
    // A broken half breaks the other one: that is what the trouble is for.
    socket.on('error', reset)
    socket.on('close', reset)
  }
  return {
    reset,
    flush() {
      requests.flush()
      answers.flush()
    },
  }
}

/** Keeps the order of the pieces, whatever happens between them. */
function pass(
  from: Socket,
  to: Socket,
  direction: 'requests' | 'answers',
  current: () => Trouble | undefined,
) {
  const kept: (Buffer | 'end')[] = []
  let timer: NodeJS.Timeout | undefined
  const deliver = (piece: Buffer | 'end') => {
    if (to.destroyed || to.writableEnded) return
    if (piece === 'end') to.end()
    else to.write(piece)
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    for (const piece of kept.splice(0)) deliver(piece)
  }
  const take = (piece: Buffer | 'end') => {
    const trouble = current()
    const isHeld = typeof trouble === 'object' && 'held' in trouble && touches(trouble.held, direction)
    const delayMs = typeof trouble === 'object' && 'delayMs' in trouble ? trouble.delayMs : 0
    if (isHeld) kept.push(piece)
    else if (delayMs > 0 || kept.length > 0) {
      kept.push(piece)
      timer ??= setTimeout(flush, delayMs)
    } else deliver(piece)
  }
  from.on('data', take)
  from.on('end', () => take('end'))
  return { flush }
}

const touches = (held: 'requests' | 'answers' | 'both', direction: 'requests' | 'answers') =>
  held === 'both' || held === direction
