import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { partyNames } from './words.ts'

type Props = {
  side: keyof typeof partyNames
  demandsSecondFactor: boolean
  without: number
  submit: (form: FormData) => void
  pending: boolean
}

/** Whether a password alone is enough to work here: owners decide it. */
export function SecondFactorCard({ side, demandsSecondFactor, without, submit, pending }: Props) {
  return (
    <Card className="grid gap-3 p-4" aria-labelledby="demand-title">
      <h2 id="demand-title" className="text-base font-semibold">
        Second factor
      </h2>
      <p className="text-soft">
        {demandsSecondFactor
          ? `Everybody who works for this ${partyNames[side]} needs a passkey, or single sign-on that proves as much.`
          : `A password alone is enough to work for this ${partyNames[side]}. You can ask for more: whoever has no passkey is led to add one.`}{' '}
        {withoutText(without)}
      </p>
      <form action={submit} method="post">
        <input type="hidden" name="demanded" value={demandsSecondFactor ? 'no' : 'yes'} />
        <Button type="submit" name="verb" value="demand" disabled={pending}>
          {demandsSecondFactor ? 'Stop asking for a second factor' : 'Ask everybody for a second factor'}
        </Button>
      </form>
    </Card>
  )
}

function withoutText(count: number): string {
  if (count === 0) return 'Everybody has a passkey.'
  return count === 1 ? 'One member has no passkey yet.' : `${count} members have no passkey yet.`
}
