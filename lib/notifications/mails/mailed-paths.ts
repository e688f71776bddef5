/** Where addresses in mails lead, below the address of the product. The pages stand in app/. */
export const mailedPaths = {
  account: '/account',
  /** What happened to the person's stores, and to their partners. */
  inbox: { merchant: '/inbox', partner: '/partner-inbox' },
  /** What all addresses of a store, and of a partner, begin with. */
  ofStore: (storeId: string) => `/stores/${storeId}/`,
  ofPartner: (partnerId: string) => `/partners/${partnerId}/`,
  apiSettings: (storeId: string) => `/stores/${storeId}/real-time-links/api-settings`,
  partnerTokens: (partnerId: string) => `/partners/${partnerId}/tokens`,
  /** What was asked of the store since partners were cut off. */
  tokenRequests: (storeId: string) => `/stores/${storeId}/real-time-links/api-settings/requests`,
  storeCutOff: (storeId: string, cutOffId: string) =>
    `/stores/${storeId}/real-time-links/api-settings/cut-offs/${cutOffId}`,
  partnerCutOff: (partnerId: string, cutOffId: string) =>
    `/partners/${partnerId}/tokens/cut-offs/${cutOffId}`,
  storeReceipt: (storeId: string, tokenId: string) => `/stores/${storeId}/receipts/${tokenId}/revocation`,
  partnerReceipt: (partnerId: string, tokenId: string) =>
    `/partners/${partnerId}/receipts/${tokenId}/revocation`,
  storeWebhook: (storeId: string, endpointId: string) =>
    `/stores/${storeId}/real-time-links/api-settings/webhooks/${endpointId}`,
  partnerWebhook: (partnerId: string, endpointId: string) => `/partners/${partnerId}/webhooks/${endpointId}`,
  /** With what programs work for the store, and for the partner. */
  storeCredentials: (storeId: string) => `/stores/${storeId}/members/credentials`,
  partnerCredentials: (partnerId: string) => `/partners/${partnerId}/members/credentials`,
  invitation: (secret: string) => `/invitations/${secret}`,
  newPassword: (secret: string) => `/reset-password/${secret}`,
  /** @param signed whose mails of which kind (`signMails`). */
  oneClick: (signed: string) => `/unsubscribe/one-click?${new URLSearchParams({ mails: signed })}`,
} as const
