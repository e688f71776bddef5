import type { Route } from 'next'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { BehindContext, DialogLink } from './dialog-link.tsx'

const list = '/list' as Route
const link = createElement(DialogLink, {
  ...{ list, to: 'pause' as const, tokenIds: ['a', 'b'], className: '', children: 'Pause them instead…' },
})
const addressOf = (element: Parameters<typeof renderToStaticMarkup>[0]) =>
  /href="([^"]*)"/.exec(renderToStaticMarkup(element))?.[1]?.replaceAll('&amp;', '&')

test('from one dialog to another the list behind keeps its search, its filters and its place', () => {
  const params: [string, string][] = [
    ['search', 'Parcel'],
    ['use', 'in-use'],
    ['after', 'x'],
  ]
  const over = createElement(BehindContext, { value: { list, params } }, link)
  expect(addressOf(over)).toBe('/list?search=Parcel&use=in-use&after=x&pause=a&pause=b')
  expect(addressOf(link)).toBe('/list?pause=a&pause=b')
})
