import { Card } from '#components/ui/card.tsx'
import { PlainPage } from './plain-page.tsx'

/** The address of a mailed link without its secret, in a browser that does not have it (any more). */
export function OpenLinkAgain({ title }: { title: string }) {
  return (
    <PlainPage title={title}>
      <Card className="p-5 sm:p-6">
        <p>
          Open the link in the mail again. This page works for an hour after that, in the same browser, and
          needs cookies.
        </p>
      </Card>
    </PlainPage>
  )
}
