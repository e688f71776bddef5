import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export type Named = {
  /** As it is written: `../policy.ts`, `#lib/result.ts`, `next/link`. */
  target: string
  /** The compiler leaves nothing of it: `import type`, `export type … from`. */
  typesOnly: boolean
}

export type Import = Named & {
  /** Who imports, from the top of the project. */
  file: string
  /** What is imported, from the top of the project; null: a package. */
  path: string | null
}

/** Names, `* as name`, a list in braces: what may stand between `import` and `from`. */
const clause = /(?:[\w$*,\s]*(?:\{[^{}]*\})?\s*from\s*)?/.source
const statement = new RegExp(
  `^(?:import|export)\\b\\s*(type\\s)?\\s*${clause}['"]([^'"]+)['"]|\\bimport\\(\\s*['"\`]([^'"\`]+)['"\`]`,
  'gm',
)

/** What the text of a module imports, exports from elsewhere, or loads as it runs. */
export function importsIn(text: string): Named[] {
  return [...text.matchAll(statement)].map(([, type, named, loaded]) => ({
    target: named ?? loaded ?? '',
    typesOnly: Boolean(type),
  }))
}

/** Neither ours nor kept: packages, what was built, what the embedded database keeps. */
const isForeign = (folder: string) => folder === 'node_modules' || folder.startsWith('.')

/** @returns the folders at the top of the project that hold code, and all files of code, also those beside the folders. */
export function readSources(root: string): { rooms: string[]; files: string[] } {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isForeign(entry.name))
    .map(({ name }) => name)
  const codeOf = (folder: string) =>
    globSync(`${folder}/**/*.{ts,tsx,mts,mjs,js}`, { cwd: root, exclude: ['**/node_modules/**'] })
  const rooms = folders.filter((folder) => codeOf(folder).length > 0)
  const beside = globSync('*.{ts,tsx,mts,mjs,js}', { cwd: root }).filter((file) => !file.endsWith('.d.ts'))
  return { rooms: rooms.sort(), files: [...rooms.flatMap(codeOf), ...beside].sort() }
}

export function readImports(root: string, files: readonly string[]): Import[] {
  return files.flatMap((file) =>
    importsIn(readFileSync(join(root, file), 'utf8')).map((named) => ({
      ...named,
      file,
      path: pathOf(file, named.target),
    })),
  )
}

function pathOf(file: string, target: string): string | null {
  if (target.startsWith('#')) return target.slice(1)
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : null
}

/**
 * The modules that need themselves, through others, and those on a way between two such circles. Types count too: who reads
 * one of them has to read the others.
 */
export function modulesInCircles(imports: readonly Pick<Import, 'file' | 'path'>[]): string[] {
  let left = imports.filter(({ file, path }) => path !== null && path !== file)
  for (;;) {
    const needing = new Set(left.map(({ file }) => file))
    const needed = new Set(left.map(({ path }) => path))
    const inside = left.filter(({ file, path }) => needed.has(file) && needing.has(path ?? ''))
    if (inside.length === left.length) return [...needing].sort()
    left = inside
  }
}

/** What runs where `from` is started: these files and all that they import by value, through others. */
export function reachOf(imports: readonly Import[], from: readonly string[]): Set<string> {
  const reached = new Set(from)
  for (const file of reached) {
    for (const one of imports) {
      if (one.file === file && !one.typesOnly && one.path !== null) reached.add(one.path)
    }
  }
  return reached
}
