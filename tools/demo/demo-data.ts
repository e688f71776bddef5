import type { roles } from '#db/schema/members.ts'
import type { apis } from '#db/schema/partner-access.ts'
import type { reasons, sides } from '#db/schema/revocations.ts'

/** Accounts and ids are also used by checks from outside: they stay as they are. */
export const demoPassword = 'demo-only-password'
/** The pair whose live token the demo prints. */
export const demoPair = { storeId: 'yhst-14093000001001', partnerId: 'ypa-005259400001' } as const
export const demoOwnerEmail = 'merchant@demo.example'

const dayMinutes = 1_440
export type DemoAccount = {
  email: string
  name: string
  role: (typeof roles)[number]
  stores?: StoreId[]
  partner?: PartnerId
  /** Decides on applications for partner access. */
  operator?: 'yes'
  signsIn: 'with-password' | 'never'
}

export const demoAccounts: readonly DemoAccount[] = [
  {
    email: demoOwnerEmail,
    name: 'Store owner',
    role: 'owner',
    stores: [demoPair.storeId, 'harbor-lights'],
    signsIn: 'with-password',
  },
  {
    email: 'staff@demo.example',
    name: 'Store viewer',
    role: 'viewer',
    stores: [demoPair.storeId],
    signsIn: 'with-password',
  },
  {
    email: 'starter@demo.example',
    name: 'Starter store owner',
    role: 'owner',
    stores: ['yhst-14093000001002'],
    signsIn: 'with-password',
  },
  {
    email: 'other-merchant@demo.example',
    name: 'Other store owner',
    role: 'owner',
    stores: ['yhst-14093000001003'],
    signsIn: 'with-password',
  },
  {
    email: 'partner-owner@demo.example',
    name: 'Partner owner',
    role: 'owner',
    partner: demoPair.partnerId,
    signsIn: 'with-password',
  },
  {
    email: 'partner@demo.example',
    name: 'Partner administrator',
    role: 'administrator',
    partner: demoPair.partnerId,
    signsIn: 'with-password',
  },
  {
    email: 'other-partner@demo.example',
    name: 'Other partner administrator',
    role: 'administrator',
    partner: 'ypa-005259400002',
    signsIn: 'with-password',
  },
  {
    email: 'operator@demo.example',
    name: 'Operator',
    role: 'viewer',
    operator: 'yes',
    signsIn: 'with-password',
  },
  // Nobody signs in with it; its stores are there for what Parcel Pilot sees.
  {
    email: 'further-stores@demo.example',
    name: 'Owner of further stores',
    role: 'owner',
    stores: ['kaigan-lantern', 'yhst-14093000001004', 'yhst-14093000001005', 'old-mill'],
    signsIn: 'never',
  },
]

export const demoStores = [
  [demoPair.storeId, 'Brass & Beacon Lighting', 'standard'],
  ['harbor-lights', 'Harbor Lights Ship Chandlery', 'store-v1'],
  ['yhst-14093000001002', 'Tidewater Soap Works', 'starter'],
  ['yhst-14093000001003', 'Granite Peak Outfitters', 'professional'],
  ['kaigan-lantern', '海岸ランタン商店', 'standard'],
  ['yhst-14093000001004', 'Магазин «Старый маяк»', 'professional'],
  ['yhst-14093000001005', 'متجر الفنار القديم', 'standard'],
  [
    'old-mill',
    'The Old Mill General Store, Feed Merchant, Post Counter and Supplier of Almost Everything since 1871',
    'store-v1',
  ],
] as const

export const demoPartners = [
  [demoPair.partnerId, 'Parcel Pilot, Inc.'],
  ['ypa-005259400002', 'Ledgerline Accounting GmbH'],
  ['ypa-005259400003', '北斗在庫管理株式会社'],
  ['ypa-005259400004', 'ООО «Северный маршрут»'],
  ['ypa-005259400005', 'شركة ميناء الأنوار للشحن'],
  ['ypa-005259400006', 'מגדלור שילוח בע״מ'],
  ['ypa-005259400007', 'Ναυτίλος Αποθήκες Α.Ε.'],
  [
    'ypa-005259400008',
    'Consolidated Great Lakes and Saint Lawrence Seaway Freight Forwarding, Warehousing and Returns Company of Upper Michigan',
  ],
  ['ypa-005259400009', 'Binnenhafenumschlagsdatenverarbeitungsgesellschaft mbH'],
  // A letter that Unicode has only as a base and a combining mark.
  ['ypa-005259400010', 'Kag\u0303ui Feeds'],
  ['ypa-005259400011', '🚀 Rocket Repricer'],
  ['ypa-005259400012', '한빛 물류'],
  ['ypa-005259400013', 'คลังสินค้าริมน้ำ จำกัด'],
  ['ypa-005259400014', `O'Malley & Daughters <Fulfilment>`],
  ['ypa-005259400015', 'Harbor Lights (our own calls)'],
  ['ypa-005259400016', 'Blue Heron Mailings'],
  ['ypa-005259400017', 'Quayside Tax Engine, LLC'],
] as const

type PartnerId = (typeof demoPartners)[number][0]
type StoreId = (typeof demoStores)[number][0]

/** Times are relative to the moment of seeding; `usedMinutesAgo` left out: never used. */
export type DemoToken = {
  createdDaysAgo: number
  expiresInDays: number
  usedMinutesAgo?: number
  revoked?: {
    daysAgo: number
    side: (typeof sides)[number]
    reason: (typeof reasons)[number]
    note?: string
    /** Calls with it since: the first one as many days ago, the last one as many minutes. */
    attempts?: { count: number; firstDaysAgo: number; lastMinutesAgo: number }
  }
  /** Its text; left out: it was handed over long ago. */
  text?: 'waits-to-be-collected'
  renewedBy?: DemoToken & {
    /** Then the token that it renews is revoked by itself; left out: that works until its own expiry. */
    retiresOld?: 'when-adopted' | { inDays: number }
  }
}

/** Who was invited to a store and has not joined yet. */
export const demoInvitation = {
  storeId: demoPair.storeId,
  email: 'bookkeeping@demo.example',
  role: 'administrator',
  daysAgo: 1,
} as const

export type DemoPair = [StoreId, PartnerId, DemoToken[]]

/** The store most people look at first: every state, and every reason from either side. */
const tokensOfFirstStore: readonly [PartnerId, DemoToken[]][] = [
  [
    demoPair.partnerId,
    [
      {
        // The second token that people forget: both are live, and the old one is the one in use.
        createdDaysAgo: 200,
        expiresInDays: 165,
        usedMinutesAgo: 3,
        renewedBy: { createdDaysAgo: 20, expiresInDays: 345 },
      },
      {
        // Its successor was revoked: it is New again.
        createdDaysAgo: 353,
        expiresInDays: 12,
        usedMinutesAgo: 2 * dayMinutes,
        renewedBy: {
          createdDaysAgo: 6,
          expiresInDays: 1820,
          revoked: { daysAgo: 5, side: 'partner', reason: 'another-expiry-date' },
        },
      },
      { createdDaysAgo: 375, expiresInDays: -10, usedMinutesAgo: 11 * dayMinutes },
      {
        createdDaysAgo: 150,
        expiresInDays: 215,
        usedMinutesAgo: 41 * dayMinutes,
        revoked: {
          daysAgo: 40,
          side: 'merchant',
          reason: 'exposed',
          attempts: { count: 14, firstDaysAgo: 26, lastMinutesAgo: 130 },
        },
      },
      {
        createdDaysAgo: 500,
        expiresInDays: 300,
        usedMinutesAgo: 91 * dayMinutes,
        revoked: { daysAgo: 90, side: 'partner', reason: 'exposed' },
      },
    ],
  ],
  [
    'ypa-005259400002',
    [
      {
        // Renewed in time, and the old one has expired since.
        createdDaysAgo: 380,
        expiresInDays: -15,
        usedMinutesAgo: 16 * dayMinutes,
        renewedBy: {
          createdDaysAgo: 45,
          expiresInDays: 320,
          usedMinutesAgo: 50,
          renewedBy: {
            createdDaysAgo: 2,
            expiresInDays: 363,
            retiresOld: 'when-adopted',
            text: 'waits-to-be-collected',
          },
        },
      },
      {
        createdDaysAgo: 120,
        expiresInDays: 245,
        revoked: { daysAgo: 110, side: 'partner', reason: 'no-longer-working-together' },
      },
      {
        createdDaysAgo: 60,
        expiresInDays: 305,
        usedMinutesAgo: 31 * dayMinutes,
        revoked: {
          daysAgo: 30,
          side: 'partner',
          reason: 'other',
          note: 'Installed on a test machine by mistake.',
        },
      },
    ],
  ],
  ['ypa-005259400003', [{ createdDaysAgo: 88, expiresInDays: 277, usedMinutesAgo: 14 }]],
  ['ypa-005259400004', [{ createdDaysAgo: 340, expiresInDays: 25, usedMinutesAgo: 9 * dayMinutes }]],
  ['ypa-005259400005', [{ createdDaysAgo: 31, expiresInDays: 334 }]],
  [
    'ypa-005259400006',
    [
      {
        createdDaysAgo: 240,
        expiresInDays: 125,
        usedMinutesAgo: 71 * dayMinutes,
        revoked: {
          daysAgo: 70,
          side: 'merchant',
          reason: 'no-longer-working-together',
          attempts: { count: 1, firstDaysAgo: 68, lastMinutesAgo: 68 * dayMinutes },
        },
      },
    ],
  ],
  [
    'ypa-005259400008',
    [
      {
        createdDaysAgo: 300,
        expiresInDays: 65,
        usedMinutesAgo: 5 * 60,
        renewedBy: {
          ...{ createdDaysAgo: 30, expiresInDays: 1796, usedMinutesAgo: 8 },
          retiresOld: { inDays: 9 },
        },
      },
    ],
  ],
  ['ypa-005259400009', [{ createdDaysAgo: 364, expiresInDays: 1, usedMinutesAgo: 1 }]],
  [
    'ypa-005259400010',
    [
      {
        createdDaysAgo: 100,
        expiresInDays: 265,
        revoked: {
          daysAgo: 12,
          side: 'merchant',
          reason: 'other',
          note: 'The integration was replaced; nobody answered our two mails.',
        },
      },
      { createdDaysAgo: 11, expiresInDays: 354, usedMinutesAgo: 40 * 60 },
    ],
  ],
  [
    'ypa-005259400014',
    [
      {
        createdDaysAgo: 130,
        expiresInDays: 235,
        usedMinutesAgo: 22 * dayMinutes,
        renewedBy: {
          createdDaysAgo: 21,
          expiresInDays: 9,
          revoked: { daysAgo: 21, side: 'merchant', reason: 'another-expiry-date' },
        },
      },
    ],
  ],
  ['ypa-005259400016', [{ createdDaysAgo: 420, expiresInDays: -55, usedMinutesAgo: 60 * dayMinutes }]],
]

const tokensOfOtherStores: readonly DemoPair[] = [
  [
    'harbor-lights',
    demoPair.partnerId,
    [
      {
        createdDaysAgo: 170,
        expiresInDays: 195,
        usedMinutesAgo: 6,
        renewedBy: { createdDaysAgo: 4, expiresInDays: 361, retiresOld: 'when-adopted' },
      },
      { createdDaysAgo: 346, expiresInDays: 19, usedMinutesAgo: 75 * dayMinutes },
    ],
  ],
  [
    'yhst-14093000001003',
    demoPair.partnerId,
    [
      { createdDaysAgo: 75, expiresInDays: 290, usedMinutesAgo: 20 },
      {
        createdDaysAgo: 362,
        expiresInDays: 3,
        usedMinutesAgo: 55,
        renewedBy: { createdDaysAgo: 10, expiresInDays: 355, usedMinutesAgo: 12 },
      },
      {
        createdDaysAgo: 180,
        expiresInDays: 185,
        revoked: { daysAgo: 76, side: 'merchant', reason: 'exposed' },
      },
    ],
  ],
  ['yhst-14093000001003', 'ypa-005259400003', [{ createdDaysAgo: 15, expiresInDays: 350 }]],
  // What is left from the time before the store moved to Starter: live by its dates, refused at the gateway.
  [
    'yhst-14093000001002',
    'ypa-005259400002',
    [{ createdDaysAgo: 290, expiresInDays: 75, usedMinutesAgo: 120 * dayMinutes }],
  ],
  [
    'yhst-14093000001002',
    'ypa-005259400016',
    [{ createdDaysAgo: 500, expiresInDays: -135, usedMinutesAgo: 140 * dayMinutes }],
  ],
  ['kaigan-lantern', demoPair.partnerId, [{ createdDaysAgo: 48, expiresInDays: 317, usedMinutesAgo: 33 }]],
  [
    'yhst-14093000001004',
    demoPair.partnerId,
    [{ createdDaysAgo: 338, expiresInDays: 27, usedMinutesAgo: 90 }],
  ],
  ['yhst-14093000001005', demoPair.partnerId, [{ createdDaysAgo: 5, expiresInDays: 360 }]],
  ['old-mill', demoPair.partnerId, [{ createdDaysAgo: 210, expiresInDays: 1616, usedMinutesAgo: 17 }]],
]

/** The store with more live tokens, and more ended ones, than a page holds: six of each partner but Parcel Pilot. */
const tokensOfBusyStore = demoPartners.slice(1).map(
  ([partnerId], n): DemoPair => [
    'harbor-lights',
    partnerId,
    [
      {
        createdDaysAgo: 310 - n * 7,
        expiresInDays: 55 + n * 7,
        usedMinutesAgo: 4 + n * n * 37,
        renewedBy: { createdDaysAgo: 26 - n, expiresInDays: 339 + n },
      },
      { createdDaysAgo: 140 + n * 2, expiresInDays: 225 - n * 2, usedMinutesAgo: (3 + n * 5) * dayMinutes },
      n % 3 === 0
        ? { createdDaysAgo: 345 + n, expiresInDays: 20 - n, usedMinutesAgo: (1 + n) * dayMinutes }
        : { createdDaysAgo: 33 + n, expiresInDays: 332 - n },
      { createdDaysAgo: 700 + n, expiresInDays: -335 - n, usedMinutesAgo: (340 + n) * dayMinutes },
      {
        createdDaysAgo: 200 + n,
        expiresInDays: 165 - n,
        revoked: {
          daysAgo: 150 - n * 3,
          side: 'merchant',
          reason: n % 2 === 0 ? 'exposed' : 'another-expiry-date',
        },
      },
    ],
  ],
)

export const demoTokens: readonly DemoPair[] = [
  ...tokensOfFirstStore.map(([partnerId, list]): DemoPair => [demoPair.storeId, partnerId, list]),
  ...tokensOfOtherStores,
  ...tokensOfBusyStore,
]

/** Ticked for the partner in every store; all three where nothing is said. */
export const demoApis: { [partnerId in PartnerId]?: (typeof apis)[number][] } = {
  [demoPair.partnerId]: ['order', 'payment', 'catalog'],
  'ypa-005259400002': ['order', 'payment'],
  'ypa-005259400003': ['catalog'],
  'ypa-005259400011': ['catalog'],
  'ypa-005259400017': ['payment'],
}

/** Applications for Partner Access; `declined`: what the operator answered, a day later. */
export const demoApplications: readonly {
  daysAgo: number
  company: string
  address: string
  contact: string
  email: string
  phone: string | null
  description: string
  declined?: string
}[] = [
  {
    daysAgo: 3,
    company: 'Tern & Tide Couriers Ltd.',
    address: 'Pier 4\nPortland, ME 04101',
    contact: 'Integration desk',
    email: 'integration@tern-and-tide.example',
    phone: '+1 207 555 0142',
    description:
      'We fetch open orders every ten minutes, print the labels and write the tracking number back. Order API only.',
  },
  {
    daysAgo: 1,
    company: '港湾在庫サービス株式会社',
    address: '横浜市中区海岸通1-1',
    contact: 'システム担当',
    email: 'desk@kowan-zaiko.example',
    phone: null,
    description: 'We keep stock of several sales channels in step. Order and Catalog APIs.',
  },
  {
    daysAgo: 20,
    company: 'Best Offers 4 U',
    address: 'On request',
    contact: 'The boss',
    email: 'boss@best-offers.example',
    phone: null,
    description: 'We need all customer addresses for our mailings.',
    declined:
      'Our merchants’ customers have not agreed to such mailings. Please describe a service to the store.',
  },
]
