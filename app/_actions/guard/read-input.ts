import type { z } from 'zod'
import { ok, type Result, refuse } from '#lib/result.ts'
import { outOfDate } from '#lib/text/row-id.ts'

/** With the first message of each field that is wrong. */
export type Invalid = { kind: 'invalid'; fields: Record<string, string> }

/** What an action was sent, as its schema reads it. Where the schema has no sentence of its own, it is one of ours all the same. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Result<z.output<Schema>, Invalid> {
  const parsed = schema.safeParse(input, { error: () => outOfDate })
  if (parsed.success) return ok(parsed.data)
  const fields: Record<string, string> = {}
  for (const { path, message } of parsed.error.issues) fields[String(path[0] ?? '')] ??= message
  return refuse({ kind: 'invalid', fields })
}
