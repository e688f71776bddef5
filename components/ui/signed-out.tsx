/** What a form says to who was signed out meanwhile; it stays as it was filled in. */
export function SignedOut({ undone, then }: { undone: string; then: string }) {
  return (
    <p>
      You are signed out; {undone}.{' '}
      <a href="/sign-in" target="_blank" rel="noreferrer" className="underline">
        Sign in in a new tab
      </a>
      , then {then}.
    </p>
  )
}
