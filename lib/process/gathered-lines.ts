type Destination = { write(text: string): unknown; flushSync(): void }

type GatheredLines = {
  write(line: string): void
  /** Passes on what is gathered and waits until it is written. */
  flushSync(): void
}

const mostCharacters = 16_384

/**
 * Gathers the lines of a log and passes them on together, `everyMs` milliseconds after the first at the latest:
 * a write for each costs a busy process more than making the line. Nothing is lost when the process ends by itself.
 */
export function gatherLines(destination: Destination, { everyMs = 100 } = {}): GatheredLines {
  let gathered = ''
  let timer: NodeJS.Timeout | undefined

  function pass() {
    clearTimeout(timer)
    timer = undefined
    if (gathered === '') return
    destination.write(gathered)
    gathered = ''
  }

  function flushSync() {
    pass()
    destination.flushSync()
  }

  process.on('exit', flushSync)
  return {
    write(line) {
      gathered += line
      if (gathered.length >= mostCharacters) pass()
      else timer ??= setTimeout(pass, everyMs).unref()
    },
    flushSync,
  }
}
