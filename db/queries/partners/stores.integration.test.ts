import { expect, test } from 'vitest'
import { buildStore } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'

const { owner } = prepareTestDatabase()

test('two stores whose ids differ in letter case only would share a host name: there is one', async () => {
  await buildStore(owner, { id: 'Harbor-Lights' })
  await expect(buildStore(owner, { id: 'harbor-lights' })).rejects.toMatchObject({
    cause: { code: '23505', constraint: 'stores_by_host' },
  })
})
