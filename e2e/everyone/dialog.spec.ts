import type { Page } from '@playwright/test'
import { expect, rowOf, selectBox, test, type World } from '../fixtures/test.ts'

const sides = {
  merchant: { list: (world: World) => world.apiSettings, person: (world: World) => world.storeOwner },
  partner: {
    list: (world: World) => world.partnerTokens,
    person: (world: World) => world.partnerAdministrator,
  },
}

/** What scripts ask the server for from now on, by method. */
function asked(page: Page): string[] {
  const methods: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch') methods.push(request.method())
  })
  return methods
}

/** In a page that is about to load: Escape is pressed in the moment in which its dialog first stands, before the page's effects have run. */
function pressEscapeAtOnce() {
  const { showModal } = HTMLDialogElement.prototype
  HTMLDialogElement.prototype.showModal = function () {
    HTMLDialogElement.prototype.showModal = showModal
    this.showModal()
    document.documentElement.dataset.stood = this.textContent
    this.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
  }
}

for (const [side, { list, person }] of Object.entries(sides)) {
  test.describe(`on the ${side}’s side`, () => {
    test.beforeEach(async ({ signIn, world }) => signIn(person(world)))

    test('a dialog comes without the list, has an address of its own, and goes without asking anything', async ({
      page,
      world,
    }) => {
      const [first, second] = [await world.issue(), await world.issue()]
      await page.goto(`${list(world)}?sort=created`)
      const requests = asked(page)
      await selectBox(page, first).check()
      await selectBox(page, second).check()
      for (const [name, role, parameter] of [
        ['Renew Selected', 'dialog', 'renew'],
        ['Revoke Selected', 'alertdialog', 'revoke'],
      ] as const) {
        const button = page.getByRole('button', { name })
        await button.click()
        const dialog = page.locator(`dialog:modal[role=${role}]`)
        await expect(dialog).toContainText(`…${first.last}`)
        await expect(dialog).toContainText(`…${second.last}`)
        const { searchParams } = new URL(page.url())
        expect(searchParams.get('sort')).toBe('created')
        expect(searchParams.getAll(parameter).sort()).toEqual([first.id, second.id].sort())
        await dialog.getByRole('button', { name: 'Cancel' }).click()
        await expect(dialog).toHaveCount(0)
        await expect(page).toHaveURL(`${list(world)}?sort=created`)
        await expect(button).toBeFocused()
      }
      expect(requests).toEqual(['POST', 'POST'])
    })

    test('the dialog of a row goes by Back, comes by Forward, and is there when the page is loaded again', async ({
      page,
      world,
    }) => {
      const token = await world.issue()
      await page.goto(list(world))
      await rowOf(page, token).locator('summary').click()
      await rowOf(page, token).getByRole('link', { name: 'Revoke…' }).click()
      const dialog = page.locator('dialog:modal')
      await expect(dialog).toContainText(`…${token.last}`)
      await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
      await page.goBack()
      await expect(dialog).toHaveCount(0)
      await expect(page).toHaveURL(new RegExp(`${list(world)}$`))
      await page.goForward()
      await expect(dialog).toContainText(`…${token.last}`)
      await page.addInitScript(pressEscapeAtOnce)
      await page.reload()
      await expect(page.locator('html')).toHaveAttribute('data-stood', new RegExp(`…${token.last}`))
      await expect(dialog).toHaveCount(0)
      await expect(rowOf(page, token)).toBeVisible()
      await expect(page).toHaveURL(new RegExp(`${list(world)}$`))
    })

    test('what was refused in one dialog is not said in the next one', async ({ page, world }) => {
      const [first, second] = [await world.issue(), await world.issue()]
      await page.goto(list(world))
      const dialog = page.locator('dialog:modal')
      const open = async (token: { last: string; id: string }) => {
        await rowOf(page, token).locator('summary').click()
        await rowOf(page, token).getByRole('link', { name: 'Revoke…' }).click()
        await expect(dialog).toContainText(`…${token.last}`)
      }
      await open(first)
      await dialog.getByText('Something else…').click()
      await dialog.getByRole('button', { name: /^Revoke/ }).click()
      await expect(dialog.getByText('Say in a few words why.').first()).toBeVisible()
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialog).toHaveCount(0)
      await open(second)
      await expect(dialog.getByText('Say in a few words why.')).toHaveCount(0)
      await expect(dialog.getByRole('radio', { checked: true })).toHaveCount(0)
    })
  })
}

test('where somebody was signed out meanwhile, the dialog leads to the sign-in, and back to itself', async ({
  page,
  world,
  signIn,
  owner,
}) => {
  await signIn(world.storeOwner)
  const token = await world.issue()
  await page.goto(world.apiSettings)
  await selectBox(page, token).check()
  await owner.$client.query('update sessions set ended_at = now() where user_id = $1', [world.storeOwner.id])
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  await expect(page).toHaveURL(/\/sign-in\?/)
  expect(decodeURIComponent(page.url())).toContain(`revoke=${token.id}`)
})

test('a dialog that cannot be asked for leaves the list as it stands, and says so', async ({
  page,
  world,
  signIn,
  context,
}) => {
  await signIn(world.storeOwner)
  const token = await world.issue()
  await page.goto(world.apiSettings)
  await selectBox(page, token).check()
  await context.setOffline(true)
  const button = page.getByRole('button', { name: 'Revoke Selected' })
  await button.click()
  const problem = page.getByRole('status').filter({ hasText: 'No answer.' })
  await expect(problem).toBeFocused()
  await expect(selectBox(page, token)).toBeChecked()
  await context.setOffline(false)
  await button.click()
  await expect(page.getByRole('alertdialog')).toContainText(`…${token.last}`)
  await expect(problem).toHaveCount(0)
})
