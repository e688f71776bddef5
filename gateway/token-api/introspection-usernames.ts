export type UsernameClaim = 'store_id' | 'partner_id'
export type Usernames = ReadonlyMap<string, UsernameClaim>

/**
 * Reads `INTROSPECTION_USERNAMES`: `id:store_id` or `id:partner_id`, comma-separated: what a client of
 * `INTROSPECTION_CLIENTS` gets as `username`; the others get none. Throws a message that names the variable.
 */
export function readIntrospectionUsernames(setting: string): Usernames {
  const entries = setting
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  return new Map(
    entries.map((entry, index): [string, UsernameClaim] => {
      const [, id = '', claim] = /^([^:]+):(store_id|partner_id)$/.exec(entry) ?? []
      if (claim !== 'store_id' && claim !== 'partner_id') {
        throw new Error(
          `INTROSPECTION_USERNAMES: entry ${index + 1} is not of the form id:store_id or id:partner_id`,
        )
      }
      return [id, claim]
    }),
  )
}
