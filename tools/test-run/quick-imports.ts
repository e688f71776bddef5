const hook = new URL('./quick-imports.mjs', import.meta.url).href

/** For every process that this one starts from now on (quick-imports.mjs). */
export function importQuickly() {
  const options = process.env.NODE_OPTIONS ?? ''
  if (!options.includes(hook)) process.env.NODE_OPTIONS = `${options} --import ${hook}`.trim()
}
