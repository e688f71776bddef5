import { runCommand } from './command.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
// Whoever reads the output has gone, as with `| head`.
process.stdout.on('error', () => process.exit(0))

const { env, stdin, stdout, stderr } = process
process.exitCode = await runCommand(process.argv.slice(2), {
  env,
  stdin,
  stdout,
  stderr,
  signal: stop.signal,
})
