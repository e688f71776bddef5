import { demoAccounts, demoPassword } from './demo-data.ts'
import { type DemoPorts, demoHost } from './ports.ts'

type BannerFacts = {
  /** What the person has typed: `npm run demo`, `npm run dev`. */
  kind: 'demo' | 'dev'
  ports: DemoPorts
  /** Null where there is none. */
  token: { text: string; storeId: string; partnerName: string; lastCharacters: string } | null
  introspectionClient: string
  logFiles: string[]
}

const readyLines = {
  demo: 'The demo is ready.',
  dev: `Ready. Pages change as you save. The gateway and the worker start again where a file of theirs changes.
Start anew after changes in app/server.ts, app/_server, next.config.js and db/migrations.`,
}

/** What the demo prints when it is ready: addresses, accounts, and two calls ready to paste. */
export function demoBanner({ kind, ports, token, introspectionClient, logFiles }: BannerFacts) {
  const gateway = `http://${demoHost}:${ports.gateway}`
  const accounts = demoAccounts
    .filter(({ signsIn }) => signsIn === 'with-password')
    .map(
      ({ email, role, stores = [], partner, operator }) =>
        `    ${email.padEnd(30)} ${[operator ? 'operator' : role, ...stores, partner ?? ''].filter(Boolean).join(', ')}`,
    )
  const calls = (token: NonNullable<BannerFacts['token']>) =>
    `  A call with a live token of ${token.partnerName} for ${token.storeId} (it ends in ${token.lastCharacters}):

curl -sS ${gateway}/V1/order -H 'Content-Type: application/xml' --data-binary '${orderQuery(token)}'

  Whether that token is active:

curl -sS ${gateway}/introspect -u '${introspectionClient}' --data-urlencode 'token=${token.text}'`
  const withoutToken = `  No call to paste: in the first store the partner may not call Order any more, or the owner has left.
  Give it back in the product, or start over with "npm run ${kind} -- --fresh".`
  return `
${readyLines[kind]}

  Web       http://${demoHost}:${ports.web}
  Gateway   ${gateway}
  Metrics   http://${demoHost}:${ports.metrics}/metrics

  Accounts, all with the password ${demoPassword}
${accounts.join('\n')}

${token ? calls(token) : withoutToken}

  Logs: ${logFiles.join(', ')}
  Ctrl-C stops everything. The data stay; "npm run ${kind} -- --fresh" starts over.
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
