/** Lighthouse is not installed where everything is type-checked; this is as much of its types as is used here. */
declare module 'lighthouse' {
  type Category = { score: number | null }
  type Audit = {
    id: string
    title: string
    score: number | null
    scoreDisplayMode: string
    displayValue?: string
  }
  export type Report = {
    lhr: { categories: Record<string, Category>; audits: Record<string, Audit>; finalDisplayedUrl: string }
  }
  type Flags = {
    port: number
    output: 'json'
    logLevel: 'error'
    onlyCategories: string[]
    disableStorageReset: boolean
  }
  type Config = { extends: 'lighthouse:default'; settings?: object }
  export default function lighthouse(url: string, flags: Flags, config?: object): Promise<Report | undefined>
  export const desktopConfig: Config
}
