import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { chromiumLaunch } from '#tools/chromium/chromium.ts'
import { seedManyTokens } from '#tools/demo/seed-demo.ts'
import { startProduct } from '#tools/test-product/product.ts'
import { measuredPages, signInAs } from './browser/products.ts'
import { openResults } from './results.ts'
import { median } from './statistics.ts'

/**
 * The memory of the web server while it sends the list of a million tokens as a file; see README.md.
 * `node bench/downloads.ts [--tokens 1340000] [--heap-mb 128] [--no-results]`
 */

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '1340000' },
    'heap-mb': { type: 'string', default: '128' },
    'no-results': { type: 'boolean' },
  },
})
const rowsBetween = 10_000
const limit = 1.1
const results = openResults({ file: 'pages', bench: 'downloads', rounds: 1 })

const product = await startProduct({
  fill: 'demo',
  webArguments: [`--max-old-space-size=${values['heap-mb']}`],
})
try {
  await seedManyTokens(product.ownerUrl, Number(values.tokens), (step) => console.error(step))
  const browser = await chromium.launch(await chromiumLaunch())
  const cookies = await signInAs('partner', product, browser)
  await browser.close()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const list = measuredPages['Manage Partner Tokens'].path.replace(/tokens$/, 'csv/tokens')
  const memory: number[] = [await megabytesOf(product.web.child.pid)]
  const since = performance.now()
  const answer = await fetch(`${product.webUrl}${list}?sort=created`, { headers: { cookie } })
  if (answer.status !== 200 || !answer.body) throw new Error(`answered ${answer.status}`)
  let [rows, bytes] = [0, 0]
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 0x0a) rows++
    if (rows >= memory.length * rowsBetween) memory.push(await megabytesOf(product.web.child.pid))
  }
  const seconds = (performance.now() - since) / 1000
  // Not of the beginning: its first rows find a server that has done nothing yet.
  const parts = 5
  const part = Math.floor((memory.length - 1) / parts)
  const medians = Array.from({ length: parts }, (_, n) =>
    median(memory.slice(1 + n * part, 1 + (n + 1) * part)),
  )
  const [, second = Number.NaN] = medians
  const last = medians.at(-1) ?? Number.NaN
  const shown = medians.map((mb) => mb.toFixed(0)).join(' · ')
  console.log(
    '| rows | MB sent | seconds | before, MB | fifth by fifth, MB | most, MB | last : second fifth |',
  )
  console.log('|---|---|---|---|---|---|---|')
  console.log(
    `| ${rows.toLocaleString('en')} | ${(bytes / 1e6).toFixed(0)} | ${seconds.toFixed(0)} | ${memory[0]?.toFixed(0)} | ${shown} | ${Math.max(...memory).toFixed(0)} | **${(last / second).toFixed(2)}** |`,
  )
  results.add('memory of the web server', {
    ...{ rows, megabytesSent: bytes / 1e6, seconds, heapLimitMb: Number(values['heap-mb']) },
    ...{ beforeMb: memory[0] ?? null, secondFifthMb: second, lastFifthMb: last, mostMb: Math.max(...memory) },
  })
  results.limit('memory of the web server, last : second fifth of the rows', {
    measured: last / second,
    atMost: limit,
  })
  await results.write()
} finally {
  await product.stop()
}

/** What the system has given the process. */
async function megabytesOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}
