import { readFileSync } from 'node:fs'

/** Says whether this build has an action of that id. */
export type IsKnownAction = (id: string) => boolean

/** The actions of the build in `folder`, as Next wrote them down. */
export function readKnownActions(folder: string): IsKnownAction {
  const manifest: { node?: object } = JSON.parse(
    readFileSync(`${folder}/server/server-reference-manifest.json`, 'utf8'),
  )
  const ids = new Set(Object.keys(manifest.node ?? {}))
  return (id) => ids.has(id)
}
