import { type SQL, sql } from 'drizzle-orm'

/** 32 each, so that a mixed number names no store twice among the first 131,072. */
const first = `Amber Anchor Autumn Birch Bluebird Bramble Bright Cedar Clover Copper Coral Driftwood Elm Evergreen Falcon Fern
  Golden Granite Harbor Hazel Ivory Juniper Lantern Maple Meadow Midnight Northern Orchard Pebble Quiet River Willow`
const second = `Acre Arbor Bay Bell Bridge Brook Canyon Cottage Cove Creek Crossing Dale Field Ford Forge Garden
  Gate Glen Grove Hill Hollow Island Lake Ledge Mill Moor Peak Point Ridge Shore Spring Valley`
const goods = `Antiques Bakery Bags Baskets Bicycles Blankets Boats Books Boots Candles Carpets Ceramics Chairs Chocolate Clocks Coffee
  Fabrics Flowers Furniture Guitars Hats Herbs Jewelry Kites Lamps Pens Pottery Puzzles Soap Tea Tools Toys`
const forms = ['', ' & Daughters', ' Online', ' Outlet']
const services = `Accounting Analytics Billing Books Bookkeeping Couriers Exports Feeds Fleet Forecasts Freight Fulfilment Imports Insights
  Inventory Invoices Labels Ledgers Listings Logistics Mailings Marketing Payments Pricing Reports Returns Reviews Shipping
  Stock Support Taxes Warehouses`

const wordOf = (list: string, n: SQL): SQL => {
  const words = list.split(/\s+/)
  return sql`(${sql.param(words)}::text[])[1 + ${n} % ${words.length}]`
}
/** Neighbors have nothing in common. */
const mixed = sql`(n * 7919 % 131072)`

const nameOf = (last: string): SQL =>
  sql`${wordOf(first, mixed)} || ' ' || ${wordOf(second, sql`(${mixed} / 32)`)} || ' ' ||
    ${wordOf(last, sql`(${mixed} / 1024)`)} || (${sql.param(forms)}::text[])[1 + ${mixed} / 32768]`

/** The n-th of many stores. Its id has digits in no order. `n` is a bigint up to a million. */
export const manyStores = (count: number): SQL =>
  sql`select n, 'yhst-' || (10000000000000 + n * 7919000000033 % 89999999999981) as id, ${nameOf(goods)} as name
    from generate_series(1, ${count}::bigint) n`

/** The n-th of many partners, up to ten thousand. */
export const manyPartners = (count: number): SQL =>
  sql`select n, 'ypa-0061' || lpad((n * 7919 % 99999989)::text, 8, '0') as id, ${nameOf(services)} as name
    from generate_series(1, ${count}::bigint) n`
