import type { Database } from '#db/client.ts'
import { buildApplication, buildPartner, buildUser } from '#tools/seed/builders.ts'
import { decidedFrom, waitingFrom } from '../../fixtures/own-row.ts'
import type { SentForm } from '../../http/forms.ts'
import { callers, type Scene } from '../callers.ts'
import type { Action } from './action.ts'

/** What companies and operators do about an Application for Partner Access. */
export const applicationActions: Action[] = [
  {
    exported: 'sendApplication',
    right: callers,
    prepare: async (_scene, owner) => {
      // One network sends a few in an hour.
      await owner.$client.query("delete from rate_limit_counters where key like 'applications-from:%'")
      const company = `Company ${crypto.randomUUID()}`
      return {
        path: '/apply',
        button: 'Send application',
        set: [
          ['company', company],
          ['address', 'Pier 4'],
          ['contact', 'Integration desk'],
          ['email', 'desk@example.com'],
          ['description', 'Prints labels.'],
        ],
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from partner_applications where company = $1', [
            company,
          ])
          return rows.length > 0
        },
      }
    },
  },
  {
    exported: 'approveOpenApplication',
    right: ['an operator'],
    prepare: (_scene, owner) => deciding(owner, 'Approve', 'approved'),
  },
  {
    exported: 'declineOpenApplication',
    right: ['an operator'],
    prepare: (_scene, owner) => deciding(owner, 'Decline', 'declined'),
  },
  {
    exported: 'inviteApprovedApplicant',
    right: ['an operator'],
    prepare: invitingAgain,
  },
]

/** Any form of the page will do: the id in it is replaced. */
async function deciding(owner: Database, button: string, decision: string) {
  const { id } = await buildApplication(owner)
  return {
    path: waitingFrom({ id }),
    button,
    of: 'several' as const,
    set: [
      ['applicationId', id],
      ['answer', 'No.'],
    ] satisfies SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select decision from partner_applications where id = $1', [
        id,
      ])
      return rows[0].decision === decision
    },
  }
}

/** An approved applicant whom nobody has invited yet. */
async function invitingAgain(_scene: Scene, owner: Database) {
  const partner = await buildPartner(owner)
  const operator = await buildUser(owner, { isOperator: true })
  const approved = await buildApplication(owner, {
    ...{ decision: 'approved', decidedAt: new Date(), decidedBy: operator.id, partnerId: partner.id },
  })
  return {
    path: decidedFrom(approved),
    button: 'Invite again',
    of: 'several' as const,
    set: [['applicationId', approved.id]] satisfies SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select from invitations where partner_id = $1', [
        partner.id,
      ])
      return rows.length > 0
    },
  }
}
