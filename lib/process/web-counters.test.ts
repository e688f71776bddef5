import { expect, test, vi } from 'vitest'
import { log } from './log.ts'
import { noticed, webCounters } from './web-counters.ts'

test('what is noticed is one line and one count, and no label holds an id', async () => {
  const info = vi.spyOn(log, 'info').mockImplementation(() => {})
  noticed('sign_in', { method: 'password', outcome: 'wrong-credentials' }, { address: '192.0.2.1' })
  expect(info.mock.calls).toEqual([
    [{ event: 'sign_in', method: 'password', outcome: 'wrong-credentials', address: '192.0.2.1' }, 'sign in'],
  ])
  const { text } = await webCounters.read()
  expect(text).toContain('web_sign_ins_total{method="password",outcome="wrong-credentials"} 1')
  expect(text).not.toContain('192.0.2.1')
})
