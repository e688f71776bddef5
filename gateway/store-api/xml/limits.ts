/** Of one document. Lengths in characters. */
export const limits = {
  depth: 32,
  elements: 2_000,
  attributes: 200,
  references: 2_000,
  nameLength: 256,
  textLength: 16_384,
}
