import fc from 'fast-check'

const scalarValue = fc.oneof(
  { weight: 0xd800, arbitrary: fc.integer({ min: 0, max: 0xd7ff }) },
  { weight: 0x110000 - 0xe000, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
)

/** Any text of Unicode. fast-check's own `unit: 'binary'` is the same, after two seconds of work in each process. */
export function anyText(limits: { maxLength?: number } = {}) {
  return fc.string({ unit: scalarValue.map((value) => String.fromCodePoint(value)), ...limits })
}
