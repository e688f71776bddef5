import type { Metadata } from 'next'
import { HelpPage, inlineLink, Points, Steps } from '#components/help/help-page.tsx'
import { Pausing, RevokingPicture, sharedAnswers, WrongEnd } from '#components/help/shared-answers.tsx'
import { Link } from '#components/ui/link.tsx'
import { inWords } from '#components/ui/numbers.ts'
import { collectWithinDays } from '#lib/tokens/model/handover.ts'
import { inUseWithinDays } from '#lib/tokens/model/status.ts'
import listPicture from '../pictures/list-of-a-partner.png'
import revokingPicture from '../pictures/revoking-as-a-partner.png'

export const metadata: Metadata = { title: 'Help for partners' }

export default function HelpForPartnersPage() {
  return (
    <HelpPage
      side="partner"
      title="Help for partners"
      lead="For companies whose programs call stores: how to get, change and end a token."
      answers={{
        ...sharedAnswers('partner', {
          days: { collectWithin: collectWithinDays, inUseWithin: inUseWithinDays },
          picture: listPicture,
          list: (
            <Link href="/partners" className={inlineLink}>
              Manage Partner Tokens
            </Link>
          ),
          endpoints: (
            <>
              <strong>Manage Partner Tokens</strong> → <strong>Webhooks</strong>
            </>
          ),
        }),
        token: (
          <>
            <p>
              A <strong>partner access token</strong> is what your program shows when it calls a store. It is
              a long text that begins with <code>1.0_</code>. One token is good for one store, and only for
              the APIs that the merchant ticked: Order, Payment, Catalog.
            </p>
            <p>
              You get one when a merchant adds your Partner ID to the store. It waits under{' '}
              <strong>Manage Partner Tokens</strong> for {inWords(collectWithinDays, 'day')}, and it is shown
              only once: press <strong>Show token</strong> when you can put it into your program. Afterwards
              pages show only its last characters, such as …x7Qd.
            </p>
            <p>
              Whoever has the text can use it. Keep it as you keep passwords: not in source code, not in
              mails, not in logs.
            </p>
            <p>
              You have no Partner ID yet? Send an{' '}
              <Link href="/apply" className={inlineLink}>
                Application for Partner Access
              </Link>
              .
            </p>
          </>
        ),
        'revoke-or-renew': (
          <>
            <Points>
              <li>
                <strong>Renew</strong> makes a new token beside the old one. Both work, so nothing stops while
                you put the new one in. Renew when a token ends soon.
              </li>
              <li>
                <strong>Revoke</strong> ends a token at once and for good. Revoke when somebody else may have
                seen it, or when no program needs it any more.
              </li>
              <li>
                <strong>The token has leaked?</strong> Revoke it at once. If another token for the store is
                left, put that one in. If not, ask the merchant to issue a new one.
              </li>
              <Pausing />
              <WrongEnd />
            </Points>
            <RevokingPicture of={revokingPicture} />
            <p>
              How to renew without a gap: renew, copy the new token, put it into every program, wait until the
              list says <strong>Old, can go now</strong>, then revoke the old one.
            </p>
          </>
        ),
        'tell-the-other-side': (
          <>
            <p>
              The merchant is notified by mail and in the inbox of each token that you renew or revoke, and
              why. Still, a word from you helps.
            </p>
            <Steps>
              <li>
                <strong>You have no token left:</strong> “Please issue us a new token: Partners with access →
                our name → Issue a New Token. Our Partner ID is ypa-…”
              </li>
              <li>
                <strong>A token has leaked:</strong> “The token for your store that ends in …x7Qd was seen by
                others. We revoked it at … Please look whether orders were read that we did not ask for.”
              </li>
              <li>
                <strong>An API is missing:</strong> “Please tick the Payment API for us: Partners with access
                → our name.”
              </li>
            </Steps>
          </>
        ),
        orders: (
          <>
            <p>
              From the moment that the revocation is confirmed, every call with this token is refused. The
              answer is HTTP 400 with the code 10009, <em>Authorization required.</em> Calls with your other
              tokens go on.
            </p>
            <p>
              The store’s orders stay as they are. What came in meanwhile can be read later, as soon as you
              have a good token for the store.
            </p>
            <p>
              Code 10010, <em>Access denied.</em>, is something else: the token is good, but not for this
              store or this API.
            </p>
          </>
        ),
        'revoked-token-tried': (
          <>
            <p>
              <strong>Each of these calls was refused.</strong> A program still has the old token, so whatever
              it does for the store does not happen.
            </p>
            <Steps>
              <li>Open the token. It shows how often it was tried, when last, and from which address.</li>
              <li>If the address is yours, put a good token into the program there.</li>
              <li>
                If the address is not yours, somebody else has the token. They can do nothing with it. Find
                out how they got it, and revoke other tokens that were kept in the same place.
              </li>
            </Steps>
          </>
        ),
        'cut-off': (
          <>
            <p>
              A <strong>cut-off</strong> revokes every token at once, at every store, however many there are.
              Each of them is refused from the same moment on. It is final. A token that is issued later
              works.
            </p>
            <Steps>
              <li>
                An owner opens <strong>Manage Partner Tokens</strong>. At the foot of it stands{' '}
                <strong>Revoke all our tokens, at every store…</strong>
              </li>
              <li>Read what would stop. Choose the reason, type your name, and confirm.</li>
              <li>Each store is notified once, with your reason.</li>
              <li>
                Once the hole is closed, open the cut-off on top of Manage Partner Tokens and press{' '}
                <strong>Get new tokens from all stores</strong>. Each store is asked, or has said before that
                it need not be. You see store by store who has answered, and collect the new tokens there.
              </li>
            </Steps>
            <p>
              <strong>A store cut you off?</strong> Manage Partner Tokens says so on top: when, and why. All
              of them stay on record under <strong>Cut-offs so far</strong>, at the foot of that page.
            </p>
          </>
        ),
      }}
    />
  )
}
