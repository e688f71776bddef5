#!/usr/bin/env node
// Checks a receipt of a revoked token, or that a log goes on from where you knew it: docs/receipts.md. It needs Node 20 or newer, no package,
// no network and no trust in whoever gave you the file: only the log's key, which you keep.

import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `node verify-receipt.mjs --key 'NAME+ID+KEY' [--token ID] [--kind KIND] RECEIPT
node verify-receipt.mjs --key 'NAME+ID+KEY' --older FILE [--newer FILE] CONSISTENCY

  --key     the log's key, as its operator published it; several where it was changed
  --token   the id of the token that the receipt has to be of: its page shows it
  --kind    what the receipt has to be of: revocation or cut-off, unless it is proof, pause or resume
  --older   a receipt, a checkpoint or the value of a header Log-Checkpoint: CONSISTENCY has to prove that its log is the beginning
  --newer   another one of these: CONSISTENCY has to end with its log`

class Wrong extends Error {}

const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function bytesOf(text) {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new Wrong('a part of it is not written as base64 is')
  return bytes
}

/** `name+id+base64(0x01 || key)`, as c2sp.org/signed-note has it. */
function readKey(text) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = bytesOf(encoded ?? '')
  if (!name || bytes.length !== 33 || bytes[0] !== 1)
    throw new Wrong('the key is none: NAME+ID+KEY, of Ed25519')
  if (sha256(`${name}\n`, bytes).subarray(0, 4).toString('hex') !== id)
    throw new Wrong('the key is not complete: its id is that of another')
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)])
  return { name, id, key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) }
}

/**
 * The head of the log: c2sp.org/tlog-checkpoint. One of its keys has signed it at least, and none wrongly. Keys that were not named are
 * passed over.
 */
function readCheckpoint(text, keys) {
  const divided = text.lastIndexOf('\n\n')
  if (divided < 0 || !text.endsWith('\n')) throw new Wrong('there is no signed checkpoint in it')
  const [body, signatures] = [text.slice(0, divided + 1), text.slice(divided + 2, -1).split('\n')]
  const [origin, size, root] = body.split('\n')
  if (!keys.some(({ name }) => name === origin))
    throw new Wrong(`the checkpoint is of another log: ${origin}`)
  let signed = 0
  for (const line of signatures) {
    const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? []
    if (!name) throw new Wrong('a line of the signatures is none')
    if (name !== origin) continue
    const bytes = bytesOf(encoded)
    const id = bytes.subarray(0, 4).toString('hex')
    const known = keys.find((key) => key.name === name && key.id === id)
    if (!known) continue
    if (!verify(null, Buffer.from(body), known.key, bytes.subarray(4)))
      throw new Wrong(`the signature of ${name} is wrong: the checkpoint was changed`)
    signed += 1
  }
  if (signed === 0) throw new Wrong('none of your keys signed the checkpoint')
  if (!/^(0|[1-9]\d{0,15})$/.test(size ?? '')) throw new Wrong('the checkpoint has no size')
  return { origin, size: Number(size), root: readHash(root) }
}

function readHash(text) {
  const hash = bytesOf(text ?? '')
  if (hash.length !== 32) throw new Wrong('a hash is none')
  return hash
}

/** c2sp.org/tlog-proof; the extra data is the entry itself. */
function readReceipt(text, keys) {
  const divided = text.indexOf('\n\n')
  const [format, extra, index, ...path] = text.slice(0, Math.max(divided, 0)).split('\n')
  if (text.includes('\r')) throw new Wrong('the ends of its lines were changed on the way: send it as a file')
  if (format !== 'c2sp.org/tlog-proof@v1')
    throw new Wrong('the file is no receipt: it does not begin with c2sp.org/tlog-proof@v1')
  const [, encoded] = /^extra (\S+)$/.exec(extra ?? '') ?? []
  const [, place] = /^index (0|[1-9]\d{0,15})$/.exec(index ?? '') ?? []
  if (!encoded || place === undefined)
    throw new Wrong('the file is no receipt of a revocation: it has no entry, or no place')
  return {
    entry: bytesOf(encoded),
    index: Number(place),
    path: path.map(readHash),
    checkpoint: readCheckpoint(text.slice(divided + 2), keys),
  }
}

/** What somebody kept of a log: a receipt has a checkpoint at its end, a header of a mail or a webhook has one in base64. */
function readKept(file, keys) {
  const text = readFileSync(file, 'utf8')
  if (text.startsWith('c2sp.org/tlog-proof@'))
    return readCheckpoint(text.slice(text.indexOf('\n\n') + 2), keys)
  const isHeader = /^[A-Za-z0-9+/=\s]+$/.test(text)
  return readCheckpoint(isHeader ? bytesOf(text.replace(/\s/g, '')).toString('utf8') : text, keys)
}

/** What a log sends a witness: c2sp.org/tlog-witness. */
function readConsistency(text, keys) {
  const divided = text.indexOf('\n\n')
  const [first, ...path] = text.slice(0, Math.max(divided, 0)).split('\n')
  const [, size] = /^old ([1-9]\d{0,15})$/.exec(first ?? '') ?? []
  if (size === undefined)
    throw new Wrong('the file is no proof of consistency: it does not begin with old and a size')
  return {
    oldSize: Number(size),
    path: path.map(readHash),
    newer: readCheckpoint(text.slice(divided + 2), keys),
  }
}

/** RFC 9162, section 2.1.4.2. */
function isBeginning(older, { path, newer }) {
  if (older.size === newer.size) return path.length === 0 && older.root.equals(newer.root)
  if (older.size > newer.size) return false
  let [at, last] = [older.size - 1, newer.size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  // Of a complete tree its own root is the first hash.
  const [first, ...others] = at === 0 ? [older.root, ...path] : path
  if (!first) return false
  let [ofOlder, ofNewer] = [first, first]
  for (const other of others) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      ofOlder = sha256(Buffer.from([1]), other, ofOlder)
      ofNewer = sha256(Buffer.from([1]), other, ofNewer)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else ofNewer = sha256(Buffer.from([1]), ofNewer, other)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && ofOlder.equals(older.root) && ofNewer.equals(newer.root)
}

function checkConsistency(text, { keys, older: olderFile, newer: newerFile }) {
  const consistency = readConsistency(text, keys)
  const older = readKept(olderFile, keys)
  if (older.size !== consistency.oldSize)
    throw new Wrong(
      `the proof is from ${consistency.oldSize} entries on, and ${olderFile} is of ${older.size}`,
    )
  if (!isBeginning(older, consistency))
    throw new Wrong(
      `the log of ${consistency.newer.size} entries does not begin with the ${older.size} of ${olderFile}, or the proof was changed`,
    )
  const newer = newerFile === undefined ? consistency.newer : readKept(newerFile, keys)
  if (newer.size !== consistency.newer.size)
    throw new Wrong(
      `the proof is up to ${consistency.newer.size} entries, and ${newerFile} is of ${newer.size}`,
    )
  if (!newer.root.equals(consistency.newer.root))
    throw new Wrong(`${newerFile} is of another log of that name: there are two`)
  console.log(
    `The log ${newer.origin} of ${newer.size} entries begins with the ${older.size} of before, unchanged.`,
  )
}

/** RFC 9162, section 2.1.3.2. */
function rootBy({ entry, index, path, checkpoint: { size } }) {
  if (index >= size) throw new Wrong('the entry comes after the end of the log')
  let [at, last] = [index, size - 1]
  let hash = sha256(Buffer.from([0]), entry)
  for (const other of path) {
    if (last === 0) throw new Wrong('the proof is too long')
    if (at % 2 === 1 || at === last) {
      hash = sha256(Buffer.from([1]), other, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else hash = sha256(Buffer.from([1]), hash, other)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  if (last !== 0) throw new Wrong('the proof is too short')
  return hash
}

const sides = {
  ...{ merchant: 'by the merchant', partner: 'by the partner', operator: 'by the platform' },
  public: 'after a report that it had leaked',
}

function inWords(entry) {
  const who = sides[entry.side]
  const why = entry.reason ? `, reason: ${entry.reason}` : ''
  switch (entry.kind) {
    case 'revocation':
      return `The token was revoked ${who} at ${entry.at}${why}.`
    case 'cut-off':
      return `Everything of ${[entry.partner && `partner ${entry.partner}`, entry.store && `store ${entry.store}`].filter(Boolean).join(' at ')} that was issued up to ${entry.at}, and had not ended by then, was revoked ${who}${why}.`
    case 'proof':
      return `At ${entry.at} ${entry.refused} of ${entry.gateways} API servers refused the token, and ${entry.accepting} accepted it.`
    case 'pause':
      return `The token was paused ${who} at ${entry.at} until ${entry.until}, to be ${entry.endsAs} then${why}.`
    case 'resume':
      return `The token was resumed ${who} at ${entry.at}.`
    default:
      throw new Wrong(`the entry is of a kind that this script does not know: ${entry.kind}`)
  }
}

function checkReceipt(text, { keys, token, kind }) {
  const receipt = readReceipt(text, keys)
  if (!rootBy(receipt).equals(receipt.checkpoint.root))
    throw new Wrong('the entry is not in the log: it, or the way to it, was changed')
  const entry = JSON.parse(receipt.entry.toString('utf8'))
  if (entry.version !== 1) throw new Wrong('the entry is of a version that this script does not know')
  const words = inWords(entry)
  const asked = kind === undefined ? ['revocation', 'cut-off'] : [kind]
  if (!asked.includes(entry.kind))
    throw new Wrong(`the receipt is of a ${entry.kind}, and not of a ${asked.join(' or ')}`)
  if (token !== undefined) {
    if (!entry.token) throw new Wrong('the receipt is of a cut-off, which names no token: leave --token out')
    if (entry.token !== sha256(token).toString('hex')) throw new Wrong('the receipt is of another token')
  }
  console.log(words)
  console.log(
    `Entry ${receipt.index} of the ${receipt.checkpoint.size} in the log ${receipt.checkpoint.origin}.`,
  )
}

try {
  const { values, positionals } = parseArgs({
    options: {
      key: { type: 'string', multiple: true },
      ...Object.fromEntries(['token', 'kind', 'older', 'newer'].map((name) => [name, { type: 'string' }])),
    },
    allowPositionals: true,
  })
  const [file, ...more] = positionals
  if (!file || more.length > 0 || !values.key) throw new Wrong(`how it is called:\n${usage}`)
  const keys = values.key.map(readKey)
  if (values.older === undefined) checkReceipt(readFileSync(file, 'utf8'), { keys, ...values })
  else checkConsistency(readFileSync(file, 'utf8'), { ...values, keys })
} catch (error) {
  console.error(error instanceof Wrong || error.code ? `Not proven: ${error.message}` : error)
  process.exitCode = 1
}
