import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { answerLength } from './answer-length.ts'

/** What the load process is asked; it answers with a {@link LoadReport}. */
export type LoadJob = {
  port: number
  connections: number
  seconds: number
  /** A whole request in which `{token}` and `{store}` stand for those of a line of `credentialsFile`. */
  request: string
  /** Lines of token and store, with a tab between. */
  credentialsFile: string
  /** Every answer must have this status and contain this text: a wrong answer is no answer. */
  expectedStatus: number
  expectedText: string
  /** Requests a second, sent when they are due, whatever has been answered; without it one follows another. */
  ratePerSecond?: number
}

export type LoadReport = {
  /** As expected. */
  answered: number
  /** 503: the server did not make it in time, and says so. That is no answer, and no wrong one either. */
  unavailable: number
  wrong: number
  /** The first wrong answer. */
  example?: string
  /** Microseconds, from when the request was sent, or due where there is a rate. */
  p50: number
  p99: number
  seconds: number
}

const unavailableStart = 'HTTP/1.1 503 '
const longestMicroseconds = 2_000_000
const latencies = new Uint32Array(longestMicroseconds + 1)
const requestsOf = new Map<string, Buffer[]>()
/** Goes on from one job to the next, so that the tokens take turns through all jobs. */
let turn = 0

process.on('message', (job: LoadJob) => {
  run(job).then(
    (report) => process.send?.(report),
    (error: Error) => process.send?.({ failure: error.message }),
  )
})
process.on('disconnect', () => process.exit())

async function run(job: LoadJob): Promise<LoadReport> {
  const requests = prebuilt(job)
  latencies.fill(0)
  const counts: Counts = { answered: 0, unavailable: 0, wrong: 0 }
  const callers = await Promise.all(
    Array.from({ length: job.connections }, () => openCaller(job, requests, counts)),
  )
  const startedAt = performance.now()
  if (job.ratePerSecond === undefined) for (const caller of callers) caller.keepAsking()
  const stopPace = job.ratePerSecond === undefined ? undefined : pace(callers, job.ratePerSecond)
  await new Promise((resolve) => setTimeout(resolve, job.seconds * 1000))
  const seconds = (performance.now() - startedAt) / 1000
  stopPace?.()
  const report = { ...counts, p50: quantile(0.5), p99: quantile(0.99), seconds }
  for (const caller of callers) caller.close()
  return report
}

type Counts = Pick<LoadReport, 'answered' | 'unavailable' | 'wrong' | 'example'>

function prebuilt({ request, credentialsFile }: LoadJob): Buffer[] {
  const key = `${credentialsFile} ${request}`
  const known = requestsOf.get(key)
  if (known) return known
  const built = readFileSync(credentialsFile, 'latin1')
    .split('\n')
    .map((line) => {
      const [token = '', store = ''] = line.split('\t')
      return Buffer.from(request.replace('{token}', token).replace('{store}', store), 'latin1')
    })
  requestsOf.set(key, built)
  return built
}

type Caller = {
  keepAsking(): void
  /** False: the one before is not answered yet. */
  ask(dueAt: number): boolean
  close(): void
}

function openCaller(job: LoadJob, requests: Buffer[], counts: Counts): Promise<Caller> {
  const expectedStart = `HTTP/1.1 ${job.expectedStatus} `
  let askedAt = 0
  let isBusy = false
  let isOpen = true
  let again = false
  let received: Buffer | undefined

  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port: job.port, host: '127.0.0.1', noDelay: true })
    const ask = (dueAt: number) => {
      if (isBusy) return false
      isBusy = true
      askedAt = dueAt
      turn = (turn + 1) % requests.length
      socket.write(requests[turn] as Buffer)
      return true
    }
    const count = (answer: Buffer) => {
      const microseconds = Math.round((performance.now() - askedAt) * 1000)
      latencies[Math.min(microseconds, longestMicroseconds)] =
        (latencies[Math.min(microseconds, longestMicroseconds)] ?? 0) + 1
      const start = answer.toString('latin1', 0, expectedStart.length)
      if (start === expectedStart && answer.includes(job.expectedText)) counts.answered++
      else if (start === unavailableStart) counts.unavailable++
      else fail(answer)
    }
    const fail = (answer: Buffer) => {
      counts.wrong++
      counts.example ??= answer.toString('utf8')
    }
    socket.on('data', (chunk) => {
      received = received ? Buffer.concat([received, chunk]) : chunk
      const length = answerLength(received)
      if (length === undefined || received.length < length) return
      const answer = received
      received = undefined
      isBusy = false
      if (!isOpen) return
      count(answer)
      if (again) ask(performance.now())
    })
    socket.on('error', reject)
    socket.on('close', () => {
      if (!isOpen) return
      counts.wrong++
      counts.example ??= 'The connection was closed.'
    })
    socket.on('connect', () =>
      resolve({
        ask,
        keepAsking() {
          again = true
          ask(performance.now())
        },
        close() {
          isOpen = false
          socket.destroy()
        },
      }),
    )
  })
}

/** Sends what has become due, by whichever caller is free; what finds nobody free waits, and its wait counts. */
function pace(callers: Caller[], ratePerSecond: number): () => void {
  const startedAt = performance.now()
  let sent = 0
  let next = 0
  const timer = setInterval(() => {
    const now = performance.now()
    for (let dueAt = startedAt + (sent * 1000) / ratePerSecond; dueAt <= now; ) {
      let tried = 0
      while (tried < callers.length && !callers[next++ % callers.length]?.ask(dueAt)) tried++
      if (tried === callers.length) return
      sent++
      dueAt = startedAt + (sent * 1000) / ratePerSecond
    }
  }, 1)
  return () => clearInterval(timer)
}

function quantile(share: number): number {
  const total = latencies.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (let microseconds = 0; microseconds <= longestMicroseconds; microseconds++) {
    seen += latencies[microseconds] ?? 0
    if (seen >= total * share && seen > 0) return microseconds
  }
  return Number.NaN
}
