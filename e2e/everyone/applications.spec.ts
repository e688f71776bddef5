import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { partnerApplications } from '#db/schema/partner-applications.ts'
import { buildApplication, buildUser } from '#tools/seed/builders.ts'
import { decidedFrom, waitingFrom } from '../fixtures/own-row.ts'
import { comeFrom } from '../fixtures/sign-in.ts'
import { expect, test } from '../fixtures/test.ts'
import { linkFor } from './mailbox.ts'

async function anOperator(owner: Database) {
  return buildUser(owner, { name: 'Operator', isOperator: true })
}

/** What a company sent in. */
async function applicationOf(owner: Database, company: string) {
  const rows = await owner.select().from(partnerApplications).where(eq(partnerApplications.company, company))
  expect(rows).toHaveLength(1)
  return rows[0] as (typeof rows)[number]
}

const typed = {
  Address: 'Pier 4',
  Contact: 'Integration desk',
  'E-mail address': 'desk@tern.example',
  Description: 'Prints labels.',
}

test('a company applies, an operator approves, and the contact is invited to a new partner', async ({
  page,
  owner,
  signIn,
  context,
}) => {
  await comeFrom(context, '203.0.113.71')
  const company = `Tern & Tide ${crypto.randomUUID().slice(0, 8)}`
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Application for Partner Access' }).click()
  await page.getByRole('button', { name: 'Send application' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Nothing was sent.' })).toBeFocused()
  await expect(page.getByText('Give the company’s name.')).toBeVisible()
  await page.getByLabel('Company').fill(company)
  for (const [label, value] of Object.entries(typed))
    await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByRole('button', { name: 'Send application' }).click()
  await expect(page.getByRole('heading', { name: 'Application received' })).toBeVisible()

  await signIn(await anOperator(owner))
  await page.goto('/')
  await expect(page).toHaveURL(/\/operator\/applications$/)
  await page.goto(waitingFrom(await applicationOf(owner, company)))
  const card = page.getByRole('region', { name: company })
  await card.getByRole('button', { name: 'Approve' }).click()
  const result = page.getByRole('status').filter({ hasText: `${company} is approved` })
  await expect(result).toBeFocused()
  await expect(result).toContainText(/ypa-[0-9]{12}/)
  await expect(card).toHaveCount(0)
  await page.getByRole('link', { name: 'Decided' }).click()
  await expect(page.getByRole('link', { name: 'Decided' })).toHaveAttribute('aria-current', 'page')
  await page.goto(decidedFrom(await applicationOf(owner, company)))
  await expect(page.getByRole('region', { name: company })).toContainText('Approved')
  const { rows } = await owner.$client.query(
    `select role from invitations join partners on partners.id = partner_id where name = $1`,
    [company],
  )
  expect(rows).toEqual([{ role: 'owner' }])
})

test('an applicant whose invitation has expired is invited again, and joins by the new link only', async ({
  page,
  owner,
  signIn,
}) => {
  const operator = await anOperator(owner)
  const application = await buildApplication(owner)
  const { company, email } = application
  await signIn(operator)
  await page.goto(waitingFrom(application))
  const card = page.getByRole('region', { name: company })
  await card.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'is approved' })).toBeVisible()
  const first = await linkFor(owner, email, { mails: 1 })
  await owner.$client.query('update invitations set expires_at = now() where email = $1', [email])

  const decided = decidedFrom(await applicationOf(owner, company))
  await page.goto(decided)
  await expect(card).toContainText('Nobody has accepted the invitation yet. It expired')
  await card.getByRole('button', { name: 'Invite again' }).click()
  const result = page.getByRole('status').filter({ hasText: `${company} is invited again` })
  await expect(result).toBeFocused()
  await expect(card).toContainText('It expires')
  const second = await linkFor(owner, email, { mails: 2 })

  await page.context().clearCookies()
  await page.goto(first)
  await expect(page.getByText('withdrawn')).toBeVisible()
  await page.goto(second)
  await page.getByLabel('Your name').fill('Integration desk')
  await page.getByLabel('New password').fill('four short words here')
  await page.getByLabel('The same once more').fill('four short words here')
  await page.getByRole('button', { name: 'Make account and accept' }).click()
  await expect(page.getByText('Your account is made.')).toBeVisible()
  await signIn(operator)
  await page.goto(decided)
  await expect(card).toBeVisible()
  await expect(card.getByRole('button', { name: 'Invite again' })).toHaveCount(0)
})

test('a decline without a sentence is refused where it was asked for, whatever is decided elsewhere', async ({
  page,
  owner,
  signIn,
}) => {
  const [first, second] = [await buildApplication(owner), await buildApplication(owner)]
  await signIn(await anOperator(owner))
  await page.goto(waitingFrom(first))
  const card = page.getByRole('region', { name: second.company })
  await card.getByRole('button', { name: 'Decline' }).click()
  const refusal = card.getByRole('alert').filter({ hasText: 'Write the applicant why' })
  await expect(refusal).toBeFocused()
  const sentence = card.getByLabel('Sentence for the applicant')
  await expect(sentence).toHaveAttribute('aria-invalid', 'true')
  await expect(sentence).toHaveAccessibleDescription(/Write the applicant why/)
  await page.getByRole('region', { name: first.company }).getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('status').filter({ hasText: `${first.company} is approved` })).toBeFocused()
  await expect(refusal).toBeVisible()
  await expect(page.getByText('Write the applicant why')).toHaveCount(1)
})

test('a decline wants a sentence, and whoever was slower learns of it', async ({
  page,
  owner,
  signIn,
  context,
}) => {
  const application = await buildApplication(owner)
  const { company, email } = application
  await signIn(await anOperator(owner))
  const other = await context.newPage()
  await Promise.all([page, other].map((one) => one.goto(waitingFrom(application))))
  const card = page.getByRole('region', { name: company })
  await card.getByRole('button', { name: 'Decline' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Write the applicant why' })).toBeFocused()
  await card.getByLabel('Sentence for the applicant').fill('We need a real address.')
  await card.getByRole('button', { name: 'Decline' }).click()
  await expect(page.getByRole('status').filter({ hasText: `${company} is declined` })).toBeFocused()
  await other.getByRole('region', { name: company }).getByRole('button', { name: 'Approve' }).click()
  await expect(other.getByRole('alert').filter({ hasText: 'before you' })).toBeFocused()
  const { rows } = await owner.$client.query('select body from mails where to_address = $1', [email])
  expect(rows).toHaveLength(1)
  expect(rows[0].body).toContain('We need a real address.')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a decline without a sentence leads to the application that it was for', async ({
    page,
    owner,
    signIn,
  }) => {
    const application = await buildApplication(owner)
    const { company, id } = application
    await signIn(await anOperator(owner))
    await page.goto(waitingFrom(application))
    const card = page.getByRole('region', { name: company })
    await card.getByRole('button', { name: 'Decline' }).click()
    await expect(card.getByRole('alert').filter({ hasText: 'Write the applicant why' })).toBeVisible()
    await page.getByRole('link', { name: `See why: ${company}` }).click()
    await expect(page).toHaveURL(new RegExp(`#company-${id}$`))
  })

  test('a company applies, and what was typed stays where something is wrong', async ({ page, context }) => {
    await comeFrom(context, '203.0.113.72')
    await page.goto('/apply')
    for (const [label, value] of Object.entries(typed))
      await page.getByLabel(label, { exact: true }).fill(value)
    await page.getByRole('button', { name: 'Send application' }).click()
    await expect(page.getByText('Give the company’s name.')).toBeVisible()
    await expect(page.getByLabel('Contact')).toHaveValue(typed.Contact)
    await page.getByLabel('Company').fill('Tern & Tide')
    await page.getByRole('button', { name: 'Send application' }).click()
    await expect(page.getByRole('heading', { name: 'Application received' })).toBeVisible()
  })
})
