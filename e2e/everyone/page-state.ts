import type { Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import type { World } from '../fixtures/test.ts'

/** One thing that a page can show, and how to come to it. */
export type PageState = {
  as: 'nobody' | 'merchant' | 'viewer' | 'partner' | 'operator'
  /** Makes the state; what is on the page then is looked at. */
  show: (page: Page, world: World, owner: Database) => Promise<unknown>
}
