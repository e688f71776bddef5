#!/usr/bin/env node
// npx partner-tokens … from the checkout: the commands of main.ts with the pinned Node (docs/decisions/001-node-24-from-npm.md).
// What it says of an installation is none of what was asked for.
console.log = console.error
process.argv.splice(2, 0, 'tools/cli/main.ts')
await import('../bootstrap/main.mjs')
