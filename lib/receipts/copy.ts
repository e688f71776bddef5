import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { readCheckpoint } from '../process/checkpoints.ts'
import { type CopiedEntry, type CopyLine, readLine, textOfLine } from './model/copy-line.ts'

/** What a copy ends with. `size`: entries; those before the last are there too. */
export type CopyEnd = {
  size: number
  last: CopiedEntry | undefined
  /** The newest of them; its size may be below `size`. */
  checkpoint: string | undefined
  /** All checkpoints of `size` entries. */
  notes: string[]
}

/**
 * The log of revocations in a file outside of the database (`LOG_COPY`): what is applied again from, after a restore. It is only ever
 * appended to. Whoever appends holds the lock of the log.
 */
export type LogCopy = {
  readEnd(): Promise<CopyEnd>
  /** They are on disk when it returns. One line that an end in the middle of it tore stays, and the next begins anew. */
  append(lines: readonly CopyLine[]): Promise<void>
}

const firstWindowBytes = 65_536
/** More than a thousand entries, after which a checkpoint comes. */
const largestWindowBytes = 8_388_608

export function createLogCopy(path: string): LogCopy {
  return {
    readEnd: () => readEnd(path),
    async append(lines) {
      if (lines.length === 0) return
      // It holds the ids of people and tokens.
      const file = await open(path, 'a+', 0o600)
      try {
        const { size } = await file.stat()
        const torn = size > 0 && (await readAt(file, size - 1, 1)).toString('latin1') !== '\n'
        await file.appendFile((torn ? '\n' : '') + lines.map(textOfLine).join(''))
        await file.sync()
        if (size === 0) await syncFolder(path)
      } finally {
        await file.close()
      }
    },
  }
}

async function readEnd(path: string): Promise<CopyEnd> {
  const file = await openToRead(path)
  if (!file) return endOf([])
  try {
    const { size } = await file.stat()
    for (let bytes = firstWindowBytes; ; bytes *= 4) {
      const from = Math.max(0, size - bytes)
      const text = (await readAt(file, from, size - from)).toString('utf8')
      // What the window begins with may be a part of a line; what it ends with may be torn, and is none then.
      const lines = text.split('\n').slice(from === 0 ? 0 : 1)
      const end = endOf(lines.flatMap((line) => readLine(line) ?? []))
      if ((end.last && end.checkpoint) || from === 0 || bytes >= largestWindowBytes) return end
    }
  } finally {
    await file.close()
  }
}

function endOf(lines: readonly CopyLine[]): CopyEnd {
  const end: CopyEnd = { size: 0, last: undefined, checkpoint: undefined, notes: [] }
  let signed = 0
  for (const line of lines) {
    if ('entry' in line) {
      if (line.index + 1 <= end.size) continue
      Object.assign(end, { size: line.index + 1, last: line, notes: [] })
      continue
    }
    const size = readCheckpoint(line.checkpoint)?.size ?? 0
    if (size >= signed) end.checkpoint = line.checkpoint
    signed = Math.max(signed, size)
    if (size > end.size) Object.assign(end, { size, last: undefined, notes: [] })
    if (size === end.size) end.notes.push(line.checkpoint)
  }
  return end
}

/** Each line of the file with its number, from 1 on; undefined where it cannot be read. What was torn at the end is one of them. */
export async function* readCopy(
  path: string,
): AsyncGenerator<{ number: number; line: CopyLine | undefined }> {
  let number = 0
  const input = createReadStream(path, 'utf8')
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (text !== '') yield { number, line: readLine(text) }
  }
}

async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return buffer.subarray(0, read)
}

/** A file that was just made is lost with a power cut unless its folder is written too. */
async function syncFolder(path: string) {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
