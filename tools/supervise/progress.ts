import { stdout } from 'node:process'

type Note = (text: string) => void

const heartbeatMs = 5_000

// A terminal that was closed, or a reader that went away, must not keep a launcher from stopping in order.
stdout.on('error', () => {})

/** Runs one step of a launcher and shows that it goes on: in place on a terminal, line by line in a log. */
export async function showStep<T>(title: string, work: (note: Note) => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  const show = stdout.isTTY ? showInPlace : showLine
  let doing = ''
  show(`  ${title} …`)
  const timer = setInterval(
    () => show(`  ${title} … ${doing}${doing && ', '}${seconds()}`),
    stdout.isTTY ? 200 : heartbeatMs,
  )
  const end = (mark: string, words: string) => {
    clearInterval(timer)
    if (stdout.isTTY) stdout.write('\r\x1b[2K')
    showLine(`${mark} ${title}${words} (${seconds()})`)
  }
  try {
    const result = await work((text) => {
      if (text !== doing) show(`  ${title} … ${text}`)
      doing = text
    })
    end('✓', '')
    return result
  } catch (error) {
    end('✗', ': stopped')
    throw error
  }
}

function showLine(text: string) {
  stdout.write(`${text}\n`)
}

function showInPlace(text: string) {
  stdout.write(`\r\x1b[2K${text.slice(0, (stdout.columns || 80) - 1)}`)
}
