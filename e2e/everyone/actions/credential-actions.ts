import type { Database } from '#db/client.ts'
import type { CredentialVerb } from '#lib/credentials/schemas.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import type { SentForm } from '../../http/forms.ts'
import type { Scene } from '../callers.ts'
import { type Action, type Prepared, type SideName, sideNames, sides } from './action.ts'

type Changed = Pick<Prepared, 'tells' | 'wasDone'> & { set: SentForm }

const changes: Record<CredentialVerb, (scene: Scene, owner: Database, side: SideName) => Promise<Changed>> = {
  make: async (_scene, owner) => {
    const name = `Program ${crypto.randomUUID().slice(0, 8)}`
    return {
      set: [
        ['name', name],
        ['scopes', 'read'],
        ['lifetimeDays', '30'],
        ['networks', '203.0.113.0/24'],
      ],
      tells: 'ptsc_',
      // Revoked again: one side has so many at most.
      wasDone: () => isOne(owner, 'name = $1', name),
    }
  },
  revoke: async (scene, owner, side) => {
    const by = scene.people[sides[side].owners[0]]
    const { id } = await buildCredential(owner, { of: sides[side].party(scene), by })
    return {
      set: [['credentialId', id]],
      wasDone: async () => !(await isOne(owner, 'id = $1', id, 'keep')),
    }
  },
}

/** What both sides do about the credentials with which programs work for them. */
export const credentialActions: Action[] = sideNames.flatMap((side) =>
  Object.entries(changes).map(([verb, change]) => ({
    ...{ exported: 'changeCredentialsOf', named: `${side}: ${verb}`, right: sides[side].owners },
    prepare: async (scene: Scene, owner: Database) => {
      const { set, ...prepared } = await change(scene, owner, side)
      const form: SentForm = [['verb', verb], ...set]
      const path = `${sides[side].membersPage(scene)}/credentials`
      return { ...prepared, path, button: 'Make service credential', set: form }
    },
  })),
)

/** Whether there is one that lives, which is revoked unless it is to be kept. */
async function isOne(owner: Database, where: string, value: string, then: 'revoke' | 'keep' = 'revoke') {
  const query =
    then === 'keep'
      ? `select from service_credentials where ${where} and revoked_at is null`
      : `update service_credentials set revoked_at = now() where ${where} and revoked_at is null`
  return (await owner.$client.query(query, [value])).rowCount === 1
}
