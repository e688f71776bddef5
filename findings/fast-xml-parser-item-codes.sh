#!/usr/bin/env bash
# fast-xml-parser 5.12.1: codes of items come out as other codes.
#
# The specification: XML 1.0 (fifth edition), 2.4 and 3.1: an element without a schema holds character data, not numbers.
# Seen, with the defaults, for an order as the store's XML API answers it:
#   <ItemID>00120</ItemID>     -> 120        the zeros are gone
#   <ItemID>12E4</ItemID>      -> 120000     read as a power of ten
#   <ItemID>0x1F</ItemID>      -> 31         read as hexadecimal
#   <ItemID>A-7</ItemID>       -> "A-7"      text: the type changes from item to item
# For our users: a partner ships another item, or finds none. With { parseTagValue: false } all four are as they were sent.
# In the product: gateway/README.md, "What programs of partners trip over".
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" fast-xml-parser@5.12.1
cat > "$tmp/run.mjs" <<'JS'
import { XMLParser } from 'fast-xml-parser'

const codes = ['00120', '12E4', '0x1F', 'A-7']
const items = codes.map((code) => `<Item><ItemID>${code}</ItemID></Item>`).join('')
const answer = `<?xml version="1.0" encoding="utf-8"?>
<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" ><RequestID>r1</RequestID><ResponseResourceList><OrderList><Order>
<OrderID>1001</OrderID><ItemList>${items}</ItemList></Order></OrderList></ResponseResourceList></ystorews:ystorewsResponse>`
function read(options) {
  const parsed = new XMLParser(options).parse(answer)['ystorews:ystorewsResponse']
  return parsed.ResponseResourceList.OrderList.Order.ItemList.Item.map(({ ItemID }) => ItemID)
}

const [byDefault, asText] = [read({}), read({ parseTagValue: false })]
console.log(JSON.stringify(byDefault), JSON.stringify(asText))
if (JSON.stringify(byDefault) !== '[120,120000,31,"A-7"]' || String(asText) !== String(codes)) {
  throw new Error('fast-xml-parser reads codes in another way now')
}
JS
timeout 60 node "$tmp/run.mjs"
