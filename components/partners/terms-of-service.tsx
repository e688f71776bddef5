/** What a merchant accepts before a partner gets into the store. */
export function TermsOfService() {
  return (
    <ol className="grid list-decimal gap-2 pl-5 text-sm">
      <li>
        <strong className="font-semibold">Access to your data.</strong> The partner can use the APIs that you
        ticked as if you called them yourself. This includes names, addresses and orders of your customers
        where an API holds them.
      </li>
      <li>
        <strong className="font-semibold">Your agreement with the partner.</strong> What the partner does with
        these data is between you and the partner. See to it that your customers may expect it.
      </li>
      <li>
        <strong className="font-semibold">The token is a key.</strong> Whoever has it can call the APIs. Hand
        it to nobody but the partner, and never by a public way.
      </li>
      <li>
        <strong className="font-semibold">Ending it.</strong> You can change the ticked APIs, revoke a token
        or remove the partner at any time; it works at once. The partner can revoke its tokens as well.
      </li>
      <li>
        <strong className="font-semibold">The record.</strong> Who added, changed, revoked or removed what,
        and when, stays on record. You see all of it, the partner what concerns its tokens.
      </li>
    </ol>
  )
}
