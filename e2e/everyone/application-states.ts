import { writeCursor } from '#lib/http/paging.ts'
import { buildApplication, buildPartner, buildUser } from '#tools/seed/builders.ts'
import { decidedFrom, waitingFrom } from '../fixtures/own-row.ts'
import { expect } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

/** Of a company with a name as long as they get. */
const longApplication = () => ({
  company: `${crypto.randomUUID()}${'Überseehandel'.repeat(20)}`.slice(0, 200),
  address: 'Pier 4\nSpeicherstadt',
  contact: 'Integrationsabteilung'.repeat(9),
  email: `${'desk'.repeat(16)}@${'example'.repeat(8)}.com`,
  phone: '+00 000 000-0000 '.repeat(2).trim(),
  description: `${'Unbroken'.repeat(30)} and many words more.`,
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
      const waiting = await buildApplication(owner, longApplication())
      await page.goto(waitingFrom(waiting))
      await expect(page.getByRole('region', { name: waiting.company })).toBeVisible()
    },
  },
  'the applications after an approval': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const waiting = await buildApplication(owner, longApplication())
      await page.goto(waitingFrom(waiting))
      await page
        .getByRole('region', { name: waiting.company })
        .getByRole('button', { name: 'Approve' })
        .click()
      await expect(page.getByRole('status').filter({ hasText: 'is approved' })).toBeVisible()
    },
  },
  'the applications after a refusal': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const waiting = await buildApplication(owner, longApplication())
      await page.goto(waitingFrom(waiting))
      await page
        .getByRole('region', { name: waiting.company })
        .getByRole('button', { name: 'Decline' })
        .click()
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
      const declined = await buildApplication(owner, {
        ...longApplication(),
        ...decided,
        decision: 'declined',
        answer: 'Unbroken'.repeat(60),
      })
      await page.goto(decidedFrom(declined))
      await expect(page.getByRole('region', { name: declined.company })).toContainText('Declined')
    },
  },
  'the applications after one was invited again': {
    as: 'operator',
    show: async (page, _world, owner) => {
      const operator = await buildUser(owner, { name: 'Operator' })
      const approved = await buildApplication(owner, {
        ...longApplication(),
        ...{ decision: 'approved', decidedAt: new Date(), decidedBy: operator.id },
        partnerId: (await buildPartner(owner)).id,
      })
      await page.goto(decidedFrom(approved))
      const card = page.getByRole('region', { name: approved.company })
      await card.getByRole('button', { name: 'Invite again' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'is invited again' })).toBeVisible()
    },
  },
  'a page of applications behind the last one': {
    as: 'operator',
    show: async (page) => {
      const after = writeCursor(['ffffffff-ffff-7fff-bfff-ffffffffffff'])
      await page.goto(`/operator/applications?after=${after}`)
      await expect(page.getByText('This page of the list is empty.')).toBeVisible()
      await expect(page.getByRole('link', { name: 'First page' })).toHaveAttribute(
        'href',
        '/operator/applications',
      )
    },
  },
}
