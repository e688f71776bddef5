import { createHash } from 'node:crypto'

const style = [
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}',
  'main{max-width:36rem;margin:0 auto;padding:4rem 1rem}',
  'h1{font-size:1.6rem;line-height:1.2}dt{font-weight:600;margin-top:1rem}dt::first-letter{text-transform:uppercase}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}',
].join('')

/** It has no script and no nonce: its one style is known by its hash. */
export const outOfDatePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Never shown again: what is secret, and what people did not type. */
const kept = /^(?!\$)(?!.*(?:password|secret|token|csrf|code|^again$|id$)).*$/i

/**
 * For who sent a form of an older build without scripts: says so, shows what was typed, so that it can be taken over, and
 * leads to the same page as it is now.
 */
export function outOfDatePage({ target, typed }: { target: string; typed: [name: string, value: string][] }) {
  const shown = typed.filter(([name, value]) => kept.test(name) && value.trim() !== '')
  const list = shown.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>This page is out of date · Partner Tokens</title><style>${style}</style></head><body><main>`,
    '<h1>This page is out of date</h1>',
    '<p>It was opened before a newer version of this site was put in its place. Nothing was done.</p>',
    `<p><a href="${escaped(target)}">Load the page anew</a></p>`,
    list &&
      `<h2>What you typed</h2><p>Copy from here what you need; passwords are not shown.</p><dl>${list}</dl>`,
    '</main></body></html>',
  ].join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
