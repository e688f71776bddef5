import type { Database } from '#db/client.ts'
import { buildPartner, grantAccess } from '#tools/seed/builders.ts'
import { buildCampaign, buildCutOff } from '#tools/seed/campaigns.ts'
import type { Scene } from '../callers.ts'
import { type Action, sides } from './action.ts'

/** Back into service after a cut-off. */
export const serviceActions: Action[] = [
  {
    exported: 'startCampaignOf',
    right: sides.Partner.changers,
    prepare: async ({ world }, owner) => {
      const { partner, partnerTokens } = world
      const cutOffId = await buildCutOff(owner, { partnerId: partner.id, by: world.partnerAdministrator })
      return {
        path: `${partnerTokens}/cut-offs/${cutOffId}`,
        button: 'Get new tokens from all stores',
        wasDone: () => is(owner, 'select from campaigns where cut_off_id = $1', cutOffId),
      }
    },
  },
  {
    exported: 'endCampaignOf',
    right: sides.Partner.changers,
    prepare: async ({ world }, owner) => {
      const { store, partner, partnerTokens, partnerAdministrator: by } = world
      const cutOffId = await buildCutOff(owner, { partnerId: partner.id, by })
      const pair = { storeId: store.id, partnerId: partner.id }
      const { campaignId } = await buildCampaign(owner, { ...pair, by, cutOffId })
      return {
        path: `${partnerTokens}/cut-offs/${cutOffId}`,
        button: 'Ask no more stores',
        wasDone: () => is(owner, 'select from campaigns where id = $1 and ended_at is not null', campaignId),
      }
    },
  },
  {
    exported: 'answerTokenRequest',
    named: 'Issue',
    right: sides.Store.changers,
    prepare: (scene, owner) => asked(scene, owner, 'issue'),
  },
  {
    exported: 'answerTokenRequest',
    named: 'Decline',
    right: sides.Store.changers,
    prepare: (scene, owner) => asked(scene, owner, 'decline'),
  },
  {
    exported: 'changeAnswerToLeaks',
    right: sides.Store.owners,
    prepare: async ({ world }, owner) => {
      await owner.$client.query(`update stores set leak_answer = 'revoke' where id = $1`, [world.store.id])
      return {
        path: `${world.apiSettings}/find`,
        button: 'Pause it and ask us',
        wasDone: () =>
          is(owner, `select from stores where id = $1 and leak_answer = 'pause'`, world.store.id),
      }
    },
  },
  {
    exported: 'changeTokenConsent',
    right: sides.Store.owners,
    prepare: async ({ world }, owner) => {
      await owner.$client.query('update stores set consent_waived_at = null where id = $1', [world.store.id])
      return {
        path: `${world.apiSettings}/requests`,
        button: 'Issue without asking us',
        wasDone: () =>
          is(owner, 'select from stores where id = $1 and consent_waived_at is not null', world.store.id),
      }
    },
  },
]

/** By a partner of its own, which has no token: what is issued is nobody else's. */
async function asked({ world }: Scene, owner: Database, answer: 'issue' | 'decline') {
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store: world.store, partner })
  const by = world.partnerAdministrator
  const cutOffId = await buildCutOff(owner, { partnerId: partner.id, by })
  const pair = { storeId: world.store.id, partnerId: partner.id }
  const { requestId } = await buildCampaign(owner, { ...pair, by, cutOffId })
  return {
    path: `${world.apiSettings}/requests`,
    button:
      answer === 'issue' ? `Issue a new token to ${partner.name}` : `Decline the request of ${partner.name}`,
    set: [['answer', answer]] as [string, string][],
    wasDone: () =>
      is(
        owner,
        `select from token_requests where id = $1 and state = '${answer === 'issue' ? 'waiting' : 'declined'}'`,
        requestId,
      ),
  }
}

async function is(owner: Database, statement: string, id: string): Promise<boolean> {
  const { rows } = await owner.$client.query(statement, [id])
  return rows.length > 0
}
