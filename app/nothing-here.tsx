import { ButtonLink } from '#components/ui/button-link.tsx'

/** The same for what does not exist and for what the reader may not see. */
export function NothingHere() {
  return (
    <div className="mx-auto grid w-full max-w-xl justify-items-start gap-4 py-16">
      <h1 className="text-[26px] leading-tight font-semibold tracking-tight">There is nothing here</h1>
      <p className="text-soft">
        The page does not exist, or it belongs to a store or partner that you do not work for.
      </p>
      <p className="flex flex-wrap gap-2.5">
        <ButtonLink href="/">Go to your start page</ButtonLink>
        <ButtonLink href="/help">Help</ButtonLink>
      </p>
    </div>
  )
}
