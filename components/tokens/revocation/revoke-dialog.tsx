import { type ReactNode, useState } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import type { RetirementReason, RevocationReason } from '#lib/tokens/model/schemas.ts'
import type { RetireRefusal } from '#lib/tokens/retire.ts'
import type { RevocationRefusal } from '#lib/tokens/revoke.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { formatted } from '../../ui/numbers.ts'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import type { RevokeState, SentRevocation } from '../token-actions.ts'
import { confirmRevokeTitle, otherSideNames } from '../words.ts'
import { ReasonChoice, ReasonNote } from './reason-choice.tsx'
import { ChoiceContext } from './sibling-ticks.tsx'

export type RevokeDialogProps = {
  /** `nothing-left`: all that was chosen has ended meanwhile. `retire`: a token that its successor has replaced. */
  kind: 'revoke' | 'retire' | 'nothing-left'
  side: Side
  form: SentForm<RevokeState>
  behind: ListBehind
  /** Back to the list as it stands; undefined where it is asked for anew. */
  leave: (() => void) | undefined
  title: string
  tokenIds: string[]
  /** How many of them are live. */
  count: number
  /** What breaks, and what ends. */
  review: ReactNode
  /** What stays alive, with a tick for each. */
  siblings: ReactNode
  consequences: ReactNode
  /** Who is shown the reason; null: several. */
  reader: string | null
}

const reasons: Record<'revoke' | 'retire', readonly (RevocationReason | RetirementReason)[]> = {
  revoke: ['no-longer-working-together', 'exposed', 'another-expiry-date', 'other'],
  retire: ['replaced', 'exposed'],
}
/** From so many tokens on the dialog is as wide as the page. */
const manyTokens = 8

const attempt = {
  what: 'Revoking a token',
  undone: 'Nothing was revoked',
  unknown: 'whether it was revoked',
  again: 'confirm again',
  safe: 'no token is revoked twice',
}

const ownTexts: OwnTexts<RevocationRefusal | RetireRefusal> = {
  'not-found':
    'None of these tokens belongs here any more. Close this and reload the list. Nothing was revoked.',
  'too-many-siblings':
    'There are too many other valid tokens to revoke at once: do not tick all of them. Nothing was revoked.',
  'not-adopted':
    'The token that replaced it is not in use, or was revoked meanwhile: without the old one its callers would be cut off. Close this, and reload the list to see what became of both. Nothing was revoked.',
}

export function RevokeDialog(props: RevokeDialogProps) {
  const { kind, side, form, behind, leave, title, tokenIds, count, review, siblings, consequences } = props
  const [ticked, setTicked] = useState(0)
  const width = count >= manyTokens ? 'wide' : 'usual'
  const shell = { id: 'revoke', title, behind, leave, form, width } as const
  if (kind === 'nothing-left') {
    return (
      <DialogForm {...shell} confirm={null}>
        {review}
        {siblings}
      </DialogForm>
    )
  }
  const sent = sentIn(form.state)
  return (
    <DialogForm
      {...shell}
      describedBy="revoke-blast-radius revoke-consequences"
      confirm={{ label: confirmLabel(side, count + ticked), busyLabel: 'Revoking…', look: 'danger' }}
      problem={<FormProblem form={form} id="revoke-problem" attempt={attempt} own={ownTexts} at={['note']} />}
      // What was sent comes back as the new default values: the key makes the fields take them.
      formKey={JSON.stringify(sent)}
    >
      {tokenIds.map((id) => (
        <input key={id} type="hidden" name="tokenId" value={id} />
      ))}
      {review}
      <ChoiceContext value={{ sent, onTicked: setTicked }}>{siblings}</ChoiceContext>
      <ReasonField {...props} kind={kind} sent={sent} noteError={errorsIn(form.state).note} />
      <div id="revoke-consequences" className="text-sm text-soft">
        {consequences}
      </div>
    </DialogForm>
  )
}

/** The word of the domain first; the number where there are several. */
function confirmLabel(side: Side, count: number): string {
  const title = confirmRevokeTitle[side]
  if (count <= 1) return title
  const number = Number.isFinite(count) ? formatted(count) : `more than ${maxCounted}`
  return side === 'merchant' ? `${title} ${number} tokens` : `${title} · ${number}`
}

const untilInstalled: Record<Side, string> = {
  merchant: 'The partner’s program stops until you issue a new token, and it is installed.',
  partner: 'Your program stops until a new token is issued, and you have installed it.',
}

type ReasonProps = Pick<RevokeDialogProps, 'side' | 'reader'> & {
  kind: 'revoke' | 'retire'
  sent: SentRevocation | undefined
  noteError: string | undefined
}

/** Of a token that was replaced that is the reason, unless another one is chosen; else none is chosen beforehand. */
function ReasonField({ kind, side, reader, sent, noteError }: ReasonProps) {
  return (
    <fieldset className="group">
      <legend className="mb-1.5 text-sm">
        <span className="font-medium">Why?</span>{' '}
        <span className="text-soft">
          <Readers side={side} reader={reader} />
          {kind === 'revoke' && ' You may leave it open.'}
        </span>
      </legend>
      <ReasonChoice
        reasons={reasons[kind]}
        sent={sent?.reason ?? (kind === 'retire' ? 'replaced' : undefined)}
      />
      <p className="mt-2 hidden text-sm text-warn group-has-[[value=exposed]:checked]:block">
        Whoever has the token can use it until you revoke it. Was another token kept in the same place? Then
        end that one as well.{kind === 'revoke' && ` ${untilInstalled[side]}`}
      </p>
      <p className="mt-2 hidden text-sm text-warn group-has-[[value=another-expiry-date]:checked]:block">
        The date of a token cannot be changed. Revoke this one, then renew the token that it came from, with
        the right date. A token that came from no other one is renewed first, and revoked then.
      </p>
      <ReasonNote sent={sent?.note} error={noteError} />
    </fieldset>
  )
}

function Readers({ side, reader }: Pick<RevokeDialogProps, 'side' | 'reader'>) {
  if (reader === null) return `The ${otherSideNames[side]}s see this.`
  return (
    <>
      <bdi>{reader}</bdi> sees this.
    </>
  )
}
