import { buildApplication, buildPartner, buildUser } from '#db/seed/builders.ts'
import { expect } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

const operatorPage = '/operator/applications'

/** Of a company with a name as long as they get, and the first of the list, whatever waits beside it. */
const longApplication = () => ({
  company: `${crypto.randomUUID()}${'Überseehandel'.repeat(20)}`.slice(0, 200),
  address: 'Pier 4\nSpeicherstadt',
  contact: 'Integrationsabteilung'.repeat(9),
  email: `${'desk'.repeat(16)}@${'example'.repeat(8)}.com`,
  phone: '+00 000 000-0000 '.repeat(2).trim(),
  description: `${'Unbroken'.repeat(30)} and many words more.`,
  submittedAt: new Date('2020-02-02T02:02:02Z'),
})

/** What companies and operators see of an Application for Partner Access. */
export const applicationStates: Record<string, PageState> = {
  'Application for Partner Access': { as: 'nobody', show: (page) => page.goto('/apply') },
  'Application for Partner Access with refusals': {
    as: 'nobody',
    show: async (page) => {
      await page.goto('/apply')
      await page.getByLabel('Address', { exact: true }).fill('Unbroken'.repeat(30))
      await page.getByRole('button', { name: 'Send application' }).click()
      await expect(page.getByText('Nothing was sent.')).toBeVisible()
    },
  },
  'an application that was received': { as: 'nobody', show: (page) => page.goto('/apply/received') },
  'the applications that wait': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const { company } = await buildApplication(owner, longApplication())
      await page.goto(operatorPage)
      await expect(page.getByRole('region', { name: company })).toBeVisible()
    },
  },
  'the applications after an approval': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const { company } = await buildApplication(owner, longApplication())
      await page.goto(operatorPage)
      await page.getByRole('region', { name: company }).getByRole('button', { name: 'Approve' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'is approved' })).toBeVisible()
    },
  },
  'the applications after a refusal': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const { company } = await buildApplication(owner, longApplication())
      await page.goto(operatorPage)
      await page.getByRole('region', { name: company }).getByRole('button', { name: 'Decline' }).click()
      await expect(page.getByText('Write the applicant why')).toBeVisible()
    },
  },
  'the applications that were decided': {
    as: 'operator',
    show: async (page, { partner }, owner) => {
      const operator = await buildUser(owner, { name: 'Operator'.repeat(25) })
      const decided = { decidedAt: new Date(), decidedBy: operator.id }
      await buildApplication(owner, {
        ...longApplication(),
        ...decided,
        decision: 'approved',
        partnerId: partner.id,
      })
      const { company } = await buildApplication(owner, {
        ...longApplication(),
        ...decided,
        decision: 'declined',
        answer: 'Unbroken'.repeat(60),
      })
      await page.goto(`${operatorPage}?show=decided`)
      await expect(page.getByRole('region', { name: company })).toContainText('Declined')
    },
  },
  'the applications after one was invited again': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const operator = await buildUser(owner, { name: 'Operator' })
      const { company } = await buildApplication(owner, {
        ...longApplication(),
        ...{ decision: 'approved', decidedAt: new Date(), decidedBy: operator.id },
        partnerId: (await buildPartner(owner)).id,
      })
      await page.goto(`${operatorPage}?show=decided`)
      const card = page.getByRole('region', { name: company })
      await card.getByRole('button', { name: 'Invite again' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'is invited again' })).toBeVisible()
    },
  },
  'a page of applications behind the last one': {
    as: 'operator',
    show: async (page) => {
      await page.goto(`${operatorPage}?after=ffffffff-ffff-7fff-bfff-ffffffffffff`)
      await expect(page.getByText('No application waits for a decision.')).toBeVisible()
    },
  },
}
