import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Of all functions of a file: V8 compiles them beside the page while the file arrives, and not one by one on the main thread as they are
 * called. Other browsers read a comment. https://v8.dev/blog/explicit-compile-hints
 */
export const compileHint = '//# allFunctionsCalledOnLoad\n'

/**
 * Puts the hint on top of the scripts that each page starts with: React and the router. Most of them is called at once.
 * @param folder of a build.
 */
export async function hintCompilation(folder: string): Promise<void> {
  const { rootMainFiles }: { rootMainFiles: string[] } = JSON.parse(
    await readFile(join(folder, 'build-manifest.json'), 'utf8'),
  )
  for (const file of rootMainFiles) {
    const path = join(folder, file)
    const script = await readFile(path, 'utf8')
    if (!script.startsWith(compileHint)) await writeFile(path, compileHint + script)
  }
}
