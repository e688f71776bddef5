import type { Metadata } from 'next'
import { HelpPage, inlineLink, Points, Steps } from '#components/help/help-page.tsx'
import { Pausing, RevokingPicture, sharedAnswers, WrongEnd } from '#components/help/shared-answers.tsx'
import { Link } from '#components/ui/link.tsx'
import { inWords } from '#components/ui/numbers.ts'
import { collectWithinDays } from '#lib/tokens/model/handover.ts'
import { inUseWithinDays } from '#lib/tokens/model/status.ts'
import listPicture from '../pictures/list-of-a-store.png'
import revokingPicture from '../pictures/revoking-as-a-store.png'

export const metadata: Metadata = { title: 'Help for stores' }

export default function HelpForStoresPage() {
  return (
    <HelpPage
      side="merchant"
      title="Help for stores"
      lead="For who runs a store: what tokens are, and how to end one safely."
      answers={{
        ...sharedAnswers('merchant', {
          days: { collectWithin: collectWithinDays, inUseWithin: inUseWithinDays },
          picture: listPicture,
          list: (
            <>
              <Link href="/my-services" className={inlineLink}>
                My Services
              </Link>{' '}
              → <strong>API Settings</strong>
            </>
          ),
          endpoints: (
            <>
              <strong>API Settings</strong> → <strong>Webhooks</strong>
            </>
          ),
        }),
        token: (
          <>
            <p>
              Partners are companies that work for your store, such as a shipping service or an accounting
              program. Their programs read your orders by themselves, through the store’s APIs.
            </p>
            <p>
              For that they need a <strong>partner access token</strong>. It is a long text that begins with{' '}
              <code>1.0_</code>. One token is good for one partner and one store, and only for the APIs that
              you ticked: Order, Payment, Catalog. Whoever has the text can use it. Treat it like a password.
            </p>
            <p>
              You find all of them under{' '}
              <Link href="/my-services" className={inlineLink}>
                My Services
              </Link>{' '}
              → <strong>API Settings</strong>. Pages show only the last characters of a token, such as …x7Qd.
            </p>
          </>
        ),
        'revoke-or-renew': (
          <>
            <Points>
              <li>
                <strong>Revoke</strong> ends a token at once and for good. Revoke when you no longer work with
                the partner, or when somebody else may have seen the token.
              </li>
              <li>
                <strong>Renew</strong> makes a new token beside the old one. The old one works until its own
                end, so nothing stops. Renew when a token ends soon and the work goes on.
              </li>
              <li>
                <strong>The token has leaked, and the partner still works for you?</strong> Revoke it at once.
                Then issue a new one: <strong>Partners with access</strong> → the partner →{' '}
                <strong>Issue a New Token</strong>. Until the partner has put it in, their calls fail.
              </li>
              <Pausing />
              <WrongEnd />
            </Points>
            <RevokingPicture of={revokingPicture} />
            <p>
              A partner often has more than one token. To shut a partner out, revoke all of its tokens, or
              remove the partner under <strong>Partners with access</strong>.
            </p>
          </>
        ),
        'tell-the-other-side': (
          <>
            <p>
              The partner is notified by mail and in its inbox of each token that is made, renewed or revoked,
              and why. No mail holds a token. Still, a word from you helps.
            </p>
            <Steps>
              <li>
                <strong>A new token:</strong> “A token for our store waits for you. Sign in, open Manage
                Partner Tokens and copy it within {inWords(collectWithinDays, 'day')}. It is shown only once.”
              </li>
              <li>
                <strong>Renewed:</strong> “We renewed your token. Please copy the new one and put it into each
                program. Tell us when all of them use it: then we revoke the old one.”
              </li>
              <li>
                <strong>Revoked:</strong> “We revoked the token that ends in …x7Qd. Please take it out of your
                programs.”
              </li>
            </Steps>
            <p>Never send a token by mail or chat. The partner can copy it here by itself.</p>
          </>
        ),
        orders: (
          <>
            <p>
              <strong>Your orders stay.</strong> Nothing is deleted, and customers can go on buying. Only the
              partner’s programs cannot read or change anything with this token any more.
            </p>
            <p>
              What the partner did for you stops: for example no new order reaches the shipping service.
              Before you confirm, the dialog says how many calls of the last 24 hours would have failed.
            </p>
            <p>
              A revocation cannot be undone. If it was a mistake, issue a new token to the partner; orders
              that came meanwhile can then be read.
            </p>
          </>
        ),
        'revoked-token-tried': (
          <>
            <p>
              <strong>No harm was done: each of these calls was refused.</strong> Somebody still has the
              token. Most often it is a program of the partner that nobody has changed.
            </p>
            <Steps>
              <li>Open the token. It shows how often it was tried, when last, and from which address.</li>
              <li>
                Ask the partner whether the address is theirs. If so, ask them to take the token out of the
                program there.
              </li>
              <li>
                If nobody knows the address, the token may have leaked. Look at the partner’s other tokens: if
                one of them may have leaked too, revoke it.
              </li>
            </Steps>
          </>
        ),
        'cut-off': (
          <>
            <p>
              A <strong>cut-off</strong> revokes every token at once, however many there are. Each of them is
              refused from the same moment on. It is final. A token that is issued later works.
            </p>
            <Steps>
              <li>
                <strong>One partner was broken into?</strong> <strong>Partners with access</strong> → the
                partner → at the foot of its page,{' '}
                <strong>Revoke every token of this partner at this store…</strong>
              </li>
              <li>
                <strong>You do not know which token leaked?</strong> <strong>API Settings</strong> → at the
                foot, <strong>Revoke every token of this store…</strong> Only an owner can.
              </li>
              <li>Read what would stop. Choose the reason, type the name, and confirm.</li>
              <li>Issue a new token to each partner that you go on working with.</li>
            </Steps>
            <p>
              <strong>A partner cut itself off?</strong> API Settings says so on top: when, and why. You did
              nothing wrong. Once it asks for a new token, API Settings says so on top, with{' '}
              <strong>Issue</strong> and <strong>Decline</strong>. An owner can let such partners in without
              being asked: <strong>Real-Time Links</strong> → <strong>New tokens after a cut-off</strong>. All
              cut-offs stay on record under <strong>Cut-offs so far</strong>, at the foot of API Settings.
            </p>
          </>
        ),
      }}
    />
  )
}
