import { buildPartner } from '#tools/seed/builders.ts'
import { lookUpBefore, useUpLookUps } from '../fixtures/look-ups.ts'
import { expect } from '../fixtures/test.ts'
import { fillList } from './filled-list.ts'
import type { PageState } from './page-state.ts'

/** The partners of a store, and how one is added and removed. */
export const accessListStates: Record<string, PageState> = {
  'the access list': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(`${world.apiSettings}/partners`)
      await expect(page.getByRole('row').filter({ hasText: world.partner.id })).toBeVisible()
    },
  },
  'the access list of a viewer, after a search that finds nothing': {
    as: 'viewer',
    show: (page, world) => page.goto(`${world.apiSettings}/partners?search=${'nobody'.repeat(15)}`),
  },
  'the page of a partner with a refusal': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
      for (const api of ['Order', 'Payment', 'Catalog']) await page.getByLabel(api).uncheck()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Tick at least one API.')).toBeVisible()
    },
  },
  'the page of a partner with tokens of every kind': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
      await expect(page.getByRole('region', { name: 'All its tokens' })).toBeVisible()
    },
  },
  'the page of a partner without a live token': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
      await expect(page.getByRole('link', { name: 'Issue a New Token' })).toBeVisible()
    },
  },
  'the dialog that issues a new token, with a refusal': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}?issue`)
      await page.getByLabel('The new token expires on').fill('2020-01-01')
      await page.getByRole('button', { name: 'Issue', exact: true }).click()
      await expect(page.getByText('A new token lives for one day at least')).toBeVisible()
    },
  },
  'the dialog that issues no token, as there is a live one': {
    as: 'merchant',
    show: async (page, world) => {
      await world.issue()
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}?issue`)
      await expect(page.getByText('has a live token.')).toBeVisible()
    },
  },
  'the access list with a partner without a live token': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners`)
      await expect(page.getByRole('link', { name: 'Issue a New Token' })).toBeVisible()
    },
  },
  'the dialog that removes a partner': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(`${world.apiSettings}/partners?remove=${world.partner.id}`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
  'the result of a removal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(`${world.apiSettings}/partners?remove=${world.partner.id}`)
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await expect(page.getByText('is removed.')).toBeVisible()
      await expect(page.getByText('No partner has access to this store.')).toBeVisible()
    },
  },
  'Add New Partner, the Partner ID': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}/add-partner`),
  },
  'Add New Partner with a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await lookUpBefore(owner, world, world.partner.id)
      await page.goto(`${world.apiSettings}/add-partner?partner=${world.partner.id}&step=apis`)
      await expect(page.getByText('is in the access list since')).toBeVisible()
    },
  },
  'Add New Partner for who looked up too many': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await useUpLookUps(owner, world)
      await page.goto(`${world.apiSettings}/add-partner?partner=ypa-000000000000&step=apis`)
      await expect(page.getByText('Too many Partner IDs')).toBeVisible()
    },
  },
  'Add New Partner, the APIs': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const partner = await buildPartner(owner, { name: 'Unbroken'.repeat(25) })
      await lookUpBefore(owner, world, partner.id)
      await page.goto(`${world.apiSettings}/add-partner?partner=${partner.id}&step=terms`)
      await expect(page.getByText('Tick at least one API')).toBeVisible()
    },
  },
  'Add New Partner, the terms of service': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const partner = await buildPartner(owner, { name: 'Unbroken'.repeat(25) })
      await lookUpBefore(owner, world, partner.id)
      await page.goto(`${world.apiSettings}/add-partner?partner=${partner.id}&step=terms&api=order`)
      await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()
    },
  },
}
