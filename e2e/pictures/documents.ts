import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from '@playwright/test'
import type { Product } from '#tools/test-product/product.ts'
import { type DemoPerson, demoPartner, demoSettings, signInAs } from './demo-people.ts'

/** A part of the page, in its pixels. */
type Clip = { x: number; y: number; width: number; height: number }

type Picture = {
  as: DemoPerson
  /** From this folder on. */
  file: string
  colorScheme?: 'dark'
  width?: number
  /** Shows the page; what it returns is the picture, else the window. */
  show: (page: Page) => Promise<Locator | Clip | undefined>
}

const helpPictures = '../../app/help/pictures'

const pictures: Picture[] = [
  {
    ...{ as: 'merchant', file: 'merchant.png' },
    show: async (page) => {
      await page.goto(demoSettings)
      await firstBox(page).check()
      return undefined
    },
  },
  {
    ...{ as: 'merchant', file: 'dialog.png' },
    show: async (page) => {
      const dialog = await openRevokeDialog(page, demoSettings)
      await dialog.getByText('We no longer work together').click()
      return undefined
    },
  },
  {
    ...{ as: 'partner', file: 'partner.png', colorScheme: 'dark' },
    show: async (page) => {
      await page.goto(`${demoPartner}/tokens`)
      await firstBox(page).waitFor()
      return undefined
    },
  },
  {
    ...{ as: 'merchant', file: `${helpPictures}/list-of-a-store.png`, width: 600 },
    show: (page) => startOfList(page, demoSettings),
  },
  {
    ...{ as: 'merchant', file: `${helpPictures}/revoking-as-a-store.png`, width: 720 },
    show: (page) => openRevokeDialog(page, demoSettings),
  },
  {
    ...{ as: 'partner', file: `${helpPictures}/list-of-a-partner.png`, width: 600 },
    show: (page) => startOfList(page, `${demoPartner}/tokens`),
  },
  {
    ...{ as: 'partner', file: `${helpPictures}/revoking-as-a-partner.png`, width: 720 },
    show: (page) => openRevokeDialog(page, `${demoPartner}/tokens`),
  },
]

/** The pictures of README.md, docs/guide.md and the Help pages. */
export async function takeDocuments(browser: Browser, product: Product) {
  const states: { [as in DemoPerson]?: Awaited<ReturnType<typeof signInAs>> } = {}
  for (const { as, file, colorScheme = 'light', width = 1280, show } of pictures) {
    states[as] ??= await signInAs(as, browser, product)
    const page = await browser.newPage({
      ...{ baseURL: product.webUrl, storageState: states[as] },
      ...{ viewport: { width, height: 800 }, colorScheme },
    })
    const shown = await show(page)
    const options = {
      path: fileURLToPath(new URL(file, import.meta.url)),
      animations: 'disabled' as const,
    }
    if (shown && 'screenshot' in shown) await shown.screenshot(options)
    else await page.screenshot(shown ? { ...options, clip: shown, fullPage: true } : options)
    await page.close()
  }
}

/** Of a token, not of all on the page or of a group. */
const firstBox = (page: Page) => page.getByRole('checkbox', { name: /^Select (?!all)/ }).first()

/** From the heading to the end of the fourth row. */
async function startOfList(page: Page, list: string): Promise<Clip> {
  await page.goto(list)
  const card = await page
    .getByRole('region')
    .filter({ has: page.getByRole('table') })
    .boundingBox()
  const last = await page.locator('tbody tr').nth(3).boundingBox()
  if (!card || !last) throw new Error('The list has no fourth row.')
  return { ...card, height: last.y + last.height - card.y }
}

/** Of a token that is in use, and whose renewed token was never used. */
async function openRevokeDialog(page: Page, list: string) {
  await page.goto(list)
  const old = page.getByRole('row').filter({ hasText: 'Old, still in use' }).first()
  const id = await old.getByRole('checkbox').getAttribute('value')
  await page.goto(`${list}?revoke=${id}`)
  const dialog = page.getByRole('alertdialog')
  await dialog.waitFor()
  return dialog
}
