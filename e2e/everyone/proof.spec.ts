import type { Locator, Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import { listLiveProcesses } from '#db/queries/verification/gateway-processes.ts'
import { aliveWithinMs } from '#lib/proofs/liveness.ts'
import type { DemoServer } from '#tools/demo/servers.ts'
import { type OwnProduct, startProduct } from '#tools/test-product/product.ts'
import { test as base, expect, expectAccessible, type World } from '../fixtures/test.ts'

type Fixtures = {
  /** Starts a second gateway, which has registered; it ends with the test. */
  secondGateway: DemoServer
}

/** A product of its own: how many gateways it has, and what they say, is the test's affair. */
const test = base.extend<Fixtures, { product: OwnProduct }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      const product = await startProduct({ fill: 'nothing' })
      await use(product)
      await product.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  secondGateway: async ({ product, owner }, use) => {
    const gateway = await product.startGateway('edge-2')
    await expectLive(owner, ['edge-1', 'edge-2'])
    await use(gateway)
    await gateway.stop()
    await expectLive(owner, ['edge-1'])
  },
})

// The gateways of one product: what one test starts or freezes, the others would count.
test.describe.configure({ mode: 'default', timeout: 90_000 })
test.beforeEach(async ({ signIn, world }) => signIn(world.storeOwner))

type Revoking = { page: Page; world: World; count?: number; beforeConfirming?: () => Promise<void> }
const patient = { timeout: 60_000 }

async function expectLive(owner: Database, names: string[]) {
  const live = async () =>
    (await listLiveProcesses(owner, { withinMs: aliveWithinMs })).map(({ name }) => name)
  await expect.poll(live, patient).toEqual(names)
}

/** Revokes the tokens in the dialog. Answers where the result stands. */
async function revoke({ page, world, beforeConfirming }: Revoking, tokens: { id: string }[]) {
  await page.goto(`${world.apiSettings}?${tokens.map(({ id }) => `revoke=${id}`).join('&')}`)
  await page.getByText('It may have leaked').click()
  await beforeConfirming?.()
  await page.getByRole('button', { name: /^Revoke( \d+ tokens)?$/ }).click()
  const result = page.getByRole('status').filter({ hasText: 'revoked.' })
  await expect(result).toBeFocused()
  return result
}

/** Again with other tokens, until the gateways have had the time to answer: the machine may be busy. */
async function revokeUntil(proven: RegExp, revoking: Revoking): Promise<Locator> {
  const { world, count = 1 } = revoking
  const { promise, resolve } = Promise.withResolvers<Locator>()
  await expect(async () => {
    const tokens = await Promise.all(Array.from({ length: count }, () => world.issue()))
    const result = await revoke(revoking, tokens)
    expect(await result.textContent()).toMatch(proven)
    resolve(result)
  }).toPass(patient)
  return promise
}

const answered = String.raw`answered in [\d.]+ s\.`

test('every gateway that is alive has refused the token when the result is shown', async ({
  page,
  world,
  secondGateway,
}) => {
  expect(secondGateway.child.pid).toBeDefined()
  const result = await revokeUntil(new RegExp(`Refused everywhere: 2 of 2 API servers ${answered}`), {
    page,
    world,
  })
  await expect(result).not.toContainText('did not answer')
  await revokeUntil(new RegExp(`All 3 are refused everywhere: 2 of 2 API servers ${answered}`), {
    page,
    world,
    count: 3,
  })
})

test('a gateway that hangs is named, and the result does not wait for it', async ({
  page,
  world,
  owner,
  secondGateway,
}) => {
  // Frozen for longer than a few seconds it would not be counted at all.
  const freeze = async () => {
    secondGateway.child.kill('SIGCONT')
    await expectLive(owner, ['edge-1', 'edge-2'])
    secondGateway.child.kill('SIGSTOP')
  }
  try {
    const proven = /Refused by 1 of 2 API servers within [\d.]+ s\./
    const result = await revokeUntil(proven, { page, world, beforeConfirming: freeze })
    await expect(result).toContainText(
      /API server edge-2 did not answer within 1 s \(last heard of (as|\d s before) you confirmed\)\. It asks the database at every call, so it refuses it from its next call on\./,
    )
    await expectAccessible(page)
  } finally {
    secondGateway.child.kill('SIGCONT')
  }
})

test('a gateway that would still accept the token is named in red', async ({ page, world, owner }) => {
  const faulty = { id: crypto.randomUUID(), name: 'faulty' }
  const listening = await owner.$client.connect()
  try {
    listening.on('notification', ({ payload }) => {
      const answer = `insert into refusal_proof_answers (proof_id, process_id, process_name, answered_at, refused, accepted)
        values ($1, $2, $3, clock_timestamp(), 0, 1)`
      listening.query(answer, [payload, faulty.id, faulty.name])
    })
    await listening.query('listen refusal_proofs')
    await listening.query(
      'insert into gateway_processes (id, name, started_at, heartbeat_at) values ($1, $2, now(), now())',
      [faulty.id, faulty.name],
    )
    await revokeUntil(/Refused by 1 of 2 API servers within [\d.]+ s\./, { page, world })
    await expect(page.getByRole('alert').filter({ hasText: 'faulty' })).toContainText(
      'API server faulty would still have accepted the token: take it out of service.',
    )
    await expectAccessible(page)
  } finally {
    await listening.query('delete from gateway_processes where id = $1', [faulty.id])
    listening.release(true)
  }
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the proof is shown all the same', async ({ page, world }) => {
    await expect(async () => {
      const token = await world.issue()
      await page.goto(`${world.apiSettings}?revoke=${token.id}`)
      await page.getByText('It may have leaked').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      const result = page.getByRole('status').filter({ hasText: 'revoked.' })
      expect(await result.textContent()).toMatch(
        new RegExp(`Refused everywhere: 1 of 1 API server ${answered}`),
      )
    }).toPass(patient)
  })
})

test('where the gateways could not be asked, the tokens are revoked and that is said', async ({
  page,
  world,
  owner,
  callStore,
}) => {
  const token = await world.issue()
  await owner.$client.query('revoke insert on refusal_proofs from partner_tokens_app')
  try {
    const result = await revoke({ page, world }, [token])
    await expect(result).toContainText(
      'Calls with it are refused from now on. The API servers could not be asked just now: there is no proof to show.',
    )
    await expectAccessible(page)
    const answer = await callStore(token.text, world.store.id)
    expect([answer.status, answer.body.includes('<Code>10009</Code>')]).toEqual([400, true])
  } finally {
    await owner.$client.query('grant insert on refusal_proofs to partner_tokens_app')
  }
})

// The last one: it takes the product's own gateway away.
test('where no gateway runs, that is said', async ({ page, world, product }) => {
  await product.gateway.stop()
  const result = await revoke({ page, world }, [await world.issue()])
  await expect(result).toContainText('No API server is running at this moment; whichever starts refuses it.')
})
