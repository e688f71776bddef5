/** Not installed where everything is type-checked; this is as much of its types as is used here. */
declare module 'subset-font' {
  type Options = {
    targetFormat: 'woff2'
    variationAxes: { wght: number | { min: number; max: number } }
    /** OpenType features; the others go. */
    keepFeatures: string[]
  }
  export default function subsetFont(font: Buffer, text: string, options: Options): Promise<Buffer>
}
