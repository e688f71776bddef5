import { expect } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

const goneWrong = (owner: Parameters<PageState['show']>[2]) =>
  owner.$client.query(
    `insert into canary_runs (minute, ended_at, gateways, refused, confirmed_after_ms, refused_after_ms, accepted_afterwards, accepting, silent)
     values (date_trunc('minute', now()), now(), 12, 10, 4, 1201, 7, $1, $2)
     on conflict (minute) do update set gateways = 12, refused = 10, refused_after_ms = 1201, accepted_afterwards = 7,
       accepting = excluded.accepting, silent = excluded.silent, ended_at = now()`,
    [['edge-7'], ['gateway'.repeat(14), 'edge-8']],
  )

/** What the canary found: everything at once. */
export const canaryStates: Record<string, PageState> = {
  'the operator’s page of the canary, red': {
    as: 'operator',
    show: async (page, _world, owner) => {
      await goneWrong(owner)
      await page.goto('/operator/refusals')
      await expect(page.getByText('Take it out of service')).toBeVisible()
    },
  },
  'the public page of the canary, red': {
    as: 'nobody',
    show: async (page, _world, owner) => {
      await goneWrong(owner)
      await page.goto('/status')
      await expect(page.getByText('Take it out of service')).toBeVisible()
    },
  },
}
