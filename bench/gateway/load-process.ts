import { fork } from 'node:child_process'
import { firstMessage } from './child.ts'
import type { LoadJob, LoadReport } from './load.ts'

export type LoadProcess = {
  /** One job at a time. Throws where an answer was not what it has to be. */
  run(job: LoadJob): Promise<LoadReport>
  stop(): void
}

export function startLoad(): LoadProcess {
  const child = fork(new URL('load.ts', import.meta.url), [], { execArgv: [] })
  return {
    async run(job) {
      child.send(job)
      const report = await firstMessage<LoadReport | { failure: string }>(child, 'load.ts')
      if ('failure' in report) throw new Error(`The load could not be sent: ${report.failure}`)
      if (report.wrong > 0) {
        throw new Error(`${report.wrong} of ${report.answered} answers were wrong:\n${report.example}`)
      }
      return report
    },
    stop() {
      child.disconnect()
    },
  }
}
