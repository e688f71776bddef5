import type { StaticImageData } from 'next/image'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { longestPauseDays } from '#lib/pauses/limits.ts'
import { Link } from '../ui/link.tsx'
import { inWords } from '../ui/numbers.ts'
import { Picture, Points } from './help-page.tsx'
import type { HelpTopic } from './help-path.ts'
import { KeyTable } from './keys.tsx'
import { type Days, States } from './states.tsx'

type Ways = {
  days: Days
  /** Of the side's list. */
  picture: StaticImageData
  /** Where the way to the list begins. */
  list: ReactNode
  /** Where endpoints are added and removed. */
  endpoints: ReactNode
}

/** What is the same for both sides, but for the way to it. */
export const sharedAnswers = (side: Side, { days, picture, list, endpoints }: Ways) =>
  ({
    states: (
      <>
        <Picture
          of={picture}
          alt="A list of tokens, each with its state, its calls of 30 days, its end, and what to do next."
        >
          The list says of each token what it is, and what to do next.
        </Picture>
        <States side={side} days={days} />
      </>
    ),
    'refused-everywhere': <RefusedEverywhere />,
    find: <FindInText list={list} />,
    reported: <Reported side={side} />,
    webhooks: <WebhookSignatures endpoints={endpoints} />,
    keys: <KeyTable />,
  }) satisfies Partial<Record<HelpTopic, ReactNode>>

/** What a dialog says before anything is revoked. */
export function RevokingPicture({ of }: { of: StaticImageData }) {
  return (
    <Picture
      of={of}
      alt="The dialog says how many calls would fail, which token ends, and which tokens stay."
    >
      Before you confirm, the dialog says what breaks.
    </Picture>
  )
}

/** What is between revoking and waiting: a point among others. */
export function Pausing() {
  return (
    <li>
      <strong>You are not sure?</strong> <strong>Pause</strong> stops a token for a while, for{' '}
      {inWords(longestPauseDays, 'day')} at most. Its calls are refused, and you can resume it at any time.
      You see whether anybody still calls with it, and can then revoke it or let it work again.
    </li>
  )
}

/** What to do about a wrong end: a point among others. */
export function WrongEnd() {
  return (
    <li>
      <strong>The end date is wrong?</strong> A date cannot be changed. Renew with the right date. If you have
      just renewed with a wrong one, revoke the new token: then the old one can be renewed again.
    </li>
  )
}

function RefusedEverywhere() {
  return (
    <>
      <p>
        Calls do not go to one computer only. Several API servers take them. A token is really revoked when
        each of these servers refuses it.
      </p>
      <p>
        So when somebody confirms a revocation, the product asks every API server about the token. The page
        then says how many of them refuse it, and after what time: “2 of 2 API servers”. That is “refused
        everywhere”.
      </p>
      <p>
        A server that gives no answer is named. It refuses the token from its next call on, because it looks
        the token up at every call.
      </p>
    </>
  )
}

/** How a leaked text is searched. */
function FindInText({ list }: { list: ReactNode }) {
  return (
    <>
      <p>
        {list} → <strong>Find in a text</strong>, below the list. Paste a token, its last characters, an ID or
        a name, or choose a log of up to 2 MB. Each token of yours in it is shown with its line, whether it
        works or has ended.
      </p>
      <p>
        Nothing that you paste is kept. Only which tokens were found is kept, for a day, and only you see it:
        tick them and revoke them, or select all of them.
      </p>
    </>
  )
}

/** What becomes of a token that somebody of the public reports as leaked. */
function Reported({ side }: { side: Side }) {
  return (
    <>
      <p>
        Whoever finds a token can report it, without an account:{' '}
        <Link href="/leaks" className="text-accent underline underline-offset-4">
          Report a leaked token
        </Link>
        . It is revoked within seconds. Where the store’s owners want to be asked, it is paused for a week
        instead; if nobody decides, it is revoked then. {choices[side]}
      </p>
      <p>
        The history of the token says where it was found and what the finder wrote. These are a stranger’s
        words: nobody has looked into them. Do not follow an address in them if you do not know it.
      </p>
      <Points>
        <li>
          <strong>It was right?</strong> Take the token away from where it was found, and look whether another
          token stands there.
        </li>
        <li>
          <strong>It was a mistake?</strong> A paused token is resumed by its store. A revoked one stays
          revoked: a new one is issued.
        </li>
      </Points>
    </>
  )
}

const choices: Record<Side, ReactNode> = {
  merchant: (
    <>
      Owners choose that on the page <strong>Find in a text</strong>.
    </>
  ),
  partner: 'Which of the two, the store chooses.',
}

/** How a program tells our webhooks from those of somebody else. */
function WebhookSignatures({ endpoints }: { endpoints: ReactNode }) {
  return (
    <>
      <p>
        A webhook is a message to your program when something happens to a token. You add and remove endpoints
        under {endpoints}. Each message has a signature, made with the secret that you saw when you added the
        endpoint. Your program should check it before it believes the message.
      </p>
      <Points>
        <li>
          Three headers come with the message: <code>webhook-id</code>, <code>webhook-timestamp</code> and{' '}
          <code>webhook-signature</code>.
        </li>
        <li>
          Put the id, the time and the body together, with a full stop between them:{' '}
          <code className="wrap-anywhere">{'{webhook-id}.{webhook-timestamp}.{body}'}</code>. Take the body as
          it came, byte for byte.
        </li>
        <li>
          Take the part of the secret behind <code>whsec_</code> and decode it from Base64: these bytes are
          the key. Make an HMAC with SHA-256 of the text, and write it in Base64.
        </li>
        <li>
          <code>webhook-signature</code> holds one or more signatures, with spaces between them, each with{' '}
          <code>v1,</code> before it. One of them has to be yours.
        </li>
        <li>Refuse a message whose time is more than five minutes away from now.</li>
      </Points>
      <pre className="rounded-lg border border-line bg-ground p-3 font-mono text-[13px] whitespace-pre-wrap wrap-anywhere">
        {signatureExample}
      </pre>
      <p>
        The same message may come twice, with the same <code>webhook-id</code>: remember the ids that you have
        dealt with.
      </p>
    </>
  )
}

/** Runs as it stands here, in Node.js: shared-answers.test.ts runs it. docs/webhooks.md explains more. */
export const signatureExample = `import { createHmac, timingSafeEqual } from 'node:crypto'

export function isGenuine(secret, headers, body) {
  const sentAt = headers['webhook-timestamp']
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const text = headers['webhook-id'] + '.' + sentAt + '.' + body
  const own = createHmac('sha256', key).update(text).digest()
  const signatures = headers['webhook-signature'] ?? ''
  return signatures.split(' ').some((one) => {
    const [version, theirs] = one.split(',')
    const bytes = Buffer.from(theirs ?? '', 'base64')
    return version === 'v1' && bytes.length === own.length && timingSafeEqual(bytes, own)
  })
}`
