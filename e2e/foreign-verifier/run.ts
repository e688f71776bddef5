import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { signerOf } from '#lib/process/note-signers.ts'
import { textOfReceipt } from '#lib/receipts/model/receipt.ts'
import { checkpointOf } from '#lib/receipts/model/signed-note.ts'
import {
  consistencyProof,
  growTree,
  hashOfLeaf,
  inclusionProof,
  type Node,
  reading,
  rootOf,
} from '#lib/receipts/model/tree.ts'

/**
 * `npm run test:receipts-elsewhere`: receipts and proofs of consistency of a log of 40 entries, as the product writes them, are checked by
 * golang.org/x/mod of Debian, which knows nothing of us; and so is one of each that was changed. It needs apt-get, for packages that it unpacks
 * into a temporary folder.
 */
const size = 40
const packages = [
  'golang-1.19-go',
  'golang-1.19-src',
  'golang-golang-x-mod-dev',
  'golang-golang-x-xerrors-dev',
]

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'foreign-verifier-'))
try {
  const go = await unpackGo()
  const files = join(folder, 'files')
  await mkdir(files)
  const expected = await writeFiles(files)
  const { stdout } = await go(files)
  const said = stdout.trim().split('\n').sort()
  const wrong = said.filter((line, n) => line !== expected[n])
  if (said.length !== expected.length || wrong.length > 0)
    throw new Error(`Others see it otherwise: ${wrong.slice(0, 5).join(', ')}`)
  console.log(`${expected.length} files were checked by golang.org/x/mod: each as it has to be.`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** @returns what was to be said of each file, sorted. */
async function writeFiles(files: string): Promise<string[]> {
  const signers = [
    signerOf('tests.example/log', Buffer.alloc(32, 7)),
    signerOf('tests.example/log', Buffer.alloc(32, 8)),
  ]
  const tree = growTree()
  const nodes: (Node & { hash: Buffer })[] = []
  const entries = Array.from({ length: size }, (_, n) =>
    JSON.stringify({ version: 1, kind: 'revocation', n }),
  )
  for (const entry of entries) nodes.push(...tree.add(hashOfLeaf(entry)))
  const hashOf = reading(nodes)
  const checkpoint = (of: number) => checkpointOf(signers, { size: of, root: rootOf(of, hashOf) })
  const expected: string[] = []
  const write = async (name: string, text: string, verdict: 'proven' | 'refused') => {
    await writeFile(join(files, name), text)
    expected.push(`${name} ${verdict}`)
  }
  for (const [index, entry] of entries.entries()) {
    const hashes = inclusionProof(index, size).hashes(hashOf)
    const receipt = { entry, index, hashes, checkpoint: checkpoint(size) }
    await write(`receipt-${index}.tlog-proof`, textOfReceipt(receipt), 'proven')
    await write(`changed-${index}.tlog-proof`, textOfReceipt({ ...receipt, entry: `${entry} ` }), 'refused')
  }
  for (let from = 1; from <= size; from++) {
    const proof = (hashes: Buffer[]) =>
      [`old ${from}`, ...hashes.map((hash) => hash.toString('base64')), '', checkpoint(size)].join('\n')
    const hashes = consistencyProof(from, size).hashes(hashOf)
    await writeFile(join(files, `to-${from}`), checkpoint(from))
    await write(`to-${from}.consistency`, proof(hashes), 'proven')
    await writeFile(join(files, `changed-${from}`), checkpoint(from))
    await write(`changed-${from}.consistency`, proof([...hashes, Buffer.alloc(32)]), 'refused')
  }
  return expected.sort()
}

/** The compiler and the package, beside the system: nothing is installed. */
async function unpackGo() {
  const [debs, root, work] = [join(folder, 'debs'), join(folder, 'root'), join(folder, 'work')]
  await Promise.all([debs, root, work].map((one) => mkdir(one)))
  await run('apt-get', ['download', ...packages], { cwd: debs })
  for (const deb of await readdir(debs)) await run('dpkg', ['-x', join(debs, deb), root])
  const goroot = join(root, 'usr/lib/go-1.19')
  const env = {
    ...process.env,
    ...{ GOROOT: goroot, GOPATH: join(root, 'usr/share/gocode'), GOCACHE: join(work, 'cache') },
    ...{ GO111MODULE: 'off', GOFLAGS: '', CGO_ENABLED: '0' },
  }
  const binary = join(work, 'verify')
  await run(join(goroot, 'bin/go'), ['build', '-o', binary, join(import.meta.dirname, 'verify.go')], { env })
  const { verifierKey } = signerOf('tests.example/log', Buffer.alloc(32, 7))
  return (files: string) => run(binary, [files, verifierKey])
}
