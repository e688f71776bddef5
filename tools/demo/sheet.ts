import { demoAccounts, demoPassword } from './demo-data.ts'
import { type DemoPorts, demoHost } from './ports.ts'

type SheetFacts = {
  ports: DemoPorts
  /** Null where there is none. */
  token: { text: string; storeId: string; partnerName: string; lastCharacters: string } | null
  introspectionClient: string
  logFiles: string[]
}

const withoutToken = `  No call to paste: in the first store the partner may not call Order any more, or the owner has left.
  Give it back in the product, or start over with "npm run demo -- --fresh".`

/** What the demo prints when it stands: addresses, accounts, and two calls ready to paste. */
export function demoSheet({ ports, token, introspectionClient, logFiles }: SheetFacts) {
  const door = `http://${demoHost}:${ports.gateway}`
  const accounts = demoAccounts
    .filter(({ signsIn }) => signsIn === 'with-password')
    .map(
      ({ email, role, stores = [], partner, operator }) =>
        `    ${email.padEnd(30)} ${[operator ? 'operator' : role, ...stores, partner ?? ''].filter(Boolean).join(', ')}`,
    )
  const calls = (token: NonNullable<SheetFacts['token']>) =>
    `  A call with a live token of ${token.partnerName} for ${token.storeId} (it ends in ${token.lastCharacters}):

curl -sS ${door}/V1/order -H 'Content-Type: application/xml' --data-binary '${orderQuery(token)}'

  Whether that token is active:

curl -sS ${door}/introspect -u '${introspectionClient}' --data-urlencode 'token=${token.text}'`
  return `
The demo is ready.

  Web       http://${demoHost}:${ports.web}
  API door  ${door}
  Metrics   http://${demoHost}:${ports.metrics}/metrics

  Accounts, all with the password ${demoPassword}
${accounts.join('\n')}

${token ? calls(token) : withoutToken}

  Logs: ${logFiles.join(', ')}
  Ctrl-C stops everything. The data stay; "npm run demo -- --fresh" starts over.
`
}

function orderQuery({ text, storeId }: { text: string; storeId: string }) {
  return (
    '<?xml version="1.0"?><ystorewsRequest>' +
    `<StoreID>${storeId}</StoreID>` +
    `<SecurityHeader><PartnerStoreContractToken>${text}</PartnerStoreContractToken></SecurityHeader>` +
    '<Version>1.0</Version><Verb>get</Verb><ResourceList><OrderListQuery>' +
    '<Filter><Include>all</Include></Filter><QueryParams><OrderID>1001</OrderID></QueryParams>' +
    '</OrderListQuery></ResourceList></ystorewsRequest>'
  )
}
