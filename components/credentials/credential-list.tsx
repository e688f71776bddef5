'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { ListedCredential } from '#lib/credentials/list.ts'
import { Card } from '../ui/card.tsx'
import { DialogForm } from '../ui/dialog-form.tsx'
import { type FormAction, isFailed } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { CredentialState } from './credential-actions.ts'
import { CredentialResult } from './credential-result.tsx'
import { CredentialRows } from './credential-rows.tsx'

type Props = {
  live: ListedCredential[]
  ended: ListedCredential[]
  /** Null for who may see only. */
  action: FormAction<CredentialState> | null
  /** The page's own address, without parameters. */
  page: Route
  /** The one that the address asks to revoke. */
  revoking: ListedCredential | null
}

/** The service credentials of a store or a partner, with the dialog that revokes one. */
export function CredentialList({ live, ended, action, page, revoking }: Props) {
  return (
    <>
      {action ? (
        <Revocable live={live} action={action} page={page} revoking={revoking} />
      ) : (
        <LiveCard live={live} revokeHref={null} />
      )}
      {ended.length > 0 && (
        <Card aria-labelledby="ended-title">
          <h2 id="ended-title" className="px-4 py-3.5 text-base font-semibold">
            Revoked and expired
          </h2>
          <CredentialRows credentials={ended} revokeHref={null} />
        </Card>
      )}
    </>
  )
}

function Revocable({
  live,
  action,
  page,
  revoking,
}: Pick<Props, 'live' | 'page' | 'revoking'> & { action: FormAction<CredentialState> }) {
  const form = useForm(action)
  const { state } = form
  const router = useRouter()
  useEffect(() => {
    if (state.kind === 'done') router.replace(page, { scroll: false })
  }, [state, page, router])
  const failedInDialog = revoking && isFailed(state)
  const result = <CredentialResult form={form} id="revoke-result" />
  return (
    <>
      {!failedInDialog && result}
      <LiveCard live={live} revokeHref={(id) => `${page}?revoke=${id}` as Route} />
      {revoking && (
        <DialogForm
          key={revoking.id}
          id="revoke"
          title={
            <>
              Revoke <bdi>{revoking.name}</bdi>?
            </>
          }
          describedBy="revoke-consequences"
          behind={page}
          form={form}
          confirm={{ label: 'Revoke', look: 'danger', name: 'verb', value: 'revoke' }}
          problem={failedInDialog && result}
        >
          <input type="hidden" name="credentialId" value={revoking.id} />
          <p className="font-mono text-sm">…{revoking.lastCharacters}</p>
          <p id="revoke-consequences" className="text-sm text-soft">
            From then on each of its requests is refused, for good. A program that needs it stops. Tokens that
            it issued or renewed stay as they are.
          </p>
        </DialogForm>
      )}
    </>
  )
}

function LiveCard({
  live,
  revokeHref,
}: Pick<Props, 'live'> & { revokeHref: ((id: string) => Route) | null }) {
  return (
    <Card aria-labelledby="live-title">
      <h2 id="live-title" className="px-4 py-3.5 text-base font-semibold">
        Live service credentials
      </h2>
      {live.length > 0 ? (
        <CredentialRows credentials={live} revokeHref={revokeHref} />
      ) : (
        <p className="border-t border-line px-4 py-3 text-soft">No program works here yet.</p>
      )}
    </Card>
  )
}
