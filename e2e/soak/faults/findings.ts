import type { Finding } from './comparison.ts'

/** Prints each rule with the first few that contradict it. @returns how many rules are contradicted. */
export function printFindings(findings: Finding[]): number {
  for (const { rule, found } of findings) {
    console.log(`${found.length === 0 ? '✓' : '✗'} ${rule}${found.length > 0 ? `: ${found.length}` : ''}`)
    for (const one of found.slice(0, 5)) console.log(`    ${one}`)
  }
  const failed = findings.filter(({ found }) => found.length > 0).length
  console.log(`\n${findings.length - failed} passed, ${failed} failed`)
  return failed
}
