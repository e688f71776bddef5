import { Link } from './link.tsx'

/** The bar on top of pages that need no sign-in. */
export function PublicHeader({ signIn }: { signIn: 'offered' | 'left out' }) {
  return (
    <header className="border-b border-line bg-card">
      <div className="mx-auto flex max-w-[1120px] items-center gap-x-5 px-4 py-2.5 sm:px-6">
        <Link href="/" className="mr-auto py-0.5 font-semibold tracking-tight">
          Partner Tokens
        </Link>
        <Link href="/help" className="py-1 text-sm text-soft max-sm:py-3 hover:text-ink hover:underline">
          Help
        </Link>
        {signIn === 'offered' && (
          <Link
            href="/sign-in"
            className="inline-flex min-h-9 items-center rounded-lg border border-control px-3.5 py-1.5 text-sm font-medium hover:bg-ground"
          >
            Sign in
          </Link>
        )}
      </div>
    </header>
  )
}
