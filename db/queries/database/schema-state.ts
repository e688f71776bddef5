import { is, sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { appRole, type Database, type Queryable } from '../../client.ts'
import { readJournal } from '../../migration-files.ts'
import {
  describePrivilege,
  missingPrivilegesStatement,
  type Privilege,
  statedPrivileges,
} from '../../privileges.ts'
import * as accountNotices from '../../schema/account-notices.ts'
import * as auditEvents from '../../schema/audit-events.ts'
import * as bulkPlans from '../../schema/bulk-plans.ts'
import * as campaigns from '../../schema/campaigns.ts'
import * as canaryRuns from '../../schema/canary-runs.ts'
import * as cutOffs from '../../schema/cut-offs.ts'
import * as events from '../../schema/events.ts'
import * as factors from '../../schema/factors.ts'
import * as gatewayLeases from '../../schema/gateway-leases.ts'
import * as gatewayProcesses from '../../schema/gateway-processes.ts'
import * as handovers from '../../schema/handovers.ts'
import * as idempotentRequests from '../../schema/idempotent-requests.ts'
import * as invitations from '../../schema/invitations.ts'
import * as keptProofs from '../../schema/kept-proofs.ts'
import * as lateUses from '../../schema/late-uses.ts'
import * as leakReports from '../../schema/leak-reports.ts'
import * as liveTokens from '../../schema/live-tokens.ts'
import * as mails from '../../schema/mails.ts'
import * as members from '../../schema/members.ts'
import * as nameCopies from '../../schema/name-copies.ts'
import * as notices from '../../schema/notices.ts'
import * as orders from '../../schema/orders.ts'
import * as partnerAccess from '../../schema/partner-access.ts'
import * as partnerApplications from '../../schema/partner-applications.ts'
import * as partners from '../../schema/partners.ts'
import * as passwordResets from '../../schema/password-resets.ts'
import * as pauses from '../../schema/pauses.ts'
import * as rateLimitCounters from '../../schema/rate-limit-counters.ts'
import * as refusalProofs from '../../schema/refusal-proofs.ts'
import * as retirementPlans from '../../schema/retirement-plans.ts'
import * as revocations from '../../schema/revocations.ts'
import * as revokedTokenAttempts from '../../schema/revoked-token-attempts.ts'
import * as serviceCredentials from '../../schema/service-credentials.ts'
import * as sessions from '../../schema/sessions.ts'
import * as stores from '../../schema/stores.ts'
import * as tokenAddresses from '../../schema/token-addresses.ts'
import * as tokenAdoptions from '../../schema/token-adoptions.ts'
import * as tokenChecks from '../../schema/token-checks.ts'
import * as tokenFinds from '../../schema/token-finds.ts'
import * as tokenUsage from '../../schema/token-usage.ts'
import * as tokenUsageDays from '../../schema/token-usage-days.ts'
import * as tokenUsageHours from '../../schema/token-usage-hours.ts'
import * as tokens from '../../schema/tokens.ts'
import * as transparencyLog from '../../schema/transparency-log.ts'
import * as unconfirmedPlans from '../../schema/unconfirmed-plans.ts'
import * as usageWriters from '../../schema/usage-writers.ts'
import * as userIdentities from '../../schema/user-identities.ts'
import * as users from '../../schema/users.ts'
import * as webhookDeliveries from '../../schema/webhook-deliveries.ts'
import * as webhookEndpoints from '../../schema/webhook-endpoints.ts'

const files = [
  userIdentities,
  accountNotices,
  auditEvents,
  bulkPlans,
  campaigns,
  canaryRuns,
  cutOffs,
  events,
  factors,
  gatewayLeases,
  gatewayProcesses,
  handovers,
  idempotentRequests,
  invitations,
  keptProofs,
  lateUses,
  leakReports,
  liveTokens,
  mails,
  members,
  nameCopies,
  notices,
  orders,
  partnerAccess,
  partnerApplications,
  partners,
  passwordResets,
  pauses,
  rateLimitCounters,
  refusalProofs,
  retirementPlans,
  revocations,
  revokedTokenAttempts,
  serviceCredentials,
  sessions,
  stores,
  tokenAddresses,
  tokenAdoptions,
  tokenChecks,
  tokenFinds,
  tokenUsage,
  tokenUsageDays,
  tokenUsageHours,
  tokens,
  transparencyLog,
  unconfirmedPlans,
  usageWriters,
  users,
  webhookDeliveries,
  webhookEndpoints,
]
const tables = files.flatMap((file) => Object.values(file)).filter((value) => is(value, PgTable))

/** The columns that this code works with and that the database does not have. */
export async function findMissingColumns(db: Queryable): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select relname || '.' || attname as name
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped`)
  const present = new Set(rows.map((row) => row.name))
  return tables
    .map(getTableConfig)
    .flatMap((table) => table.columns.map((column) => `${table.name}.${column.name}`))
    .filter((name) => !present.has(name))
}

/** What the migrations give the role that we work as, and that it has not. */
export async function findMissingPrivileges(db: Database): Promise<string[]> {
  const { rows } = await db.$client.query<Privilege>(missingPrivilegesStatement, [
    JSON.stringify(statedPrivileges()),
    appRole,
  ])
  return rows.map(describePrivilege)
}

/** The migrations of this code that the database has no record of: it may have later ones of other versions. */
export async function findPendingMigrations(db: Queryable): Promise<string[]> {
  const readable = await db.execute<{ may: boolean | null }>(sql`
    select has_schema_privilege('drizzle', 'usage') and has_table_privilege(oid, 'select') as may
    from pg_class where relname = '__drizzle_migrations' and relnamespace = to_regnamespace('drizzle')`)
  if (!readable.rows[0]?.may) return ['select on drizzle.__drizzle_migrations']
  const { rows } = await db.execute<{ when: string }>(
    sql`select created_at as when from drizzle.__drizzle_migrations`,
  )
  const recorded = new Set(rows.map((row) => Number(row.when)))
  return readJournal()
    .filter(({ when }) => !recorded.has(when))
    .map(({ tag }) => `the migration ${tag}`)
}

/** Nothing of these is changed or deleted once it is written. */
const recordTables = [
  'audit_events',
  'bulk_plan_confirmations',
  'bulk_plan_ends',
  'cut_offs',
  'kept_proofs',
  'log_checkpoints',
  'log_entries',
  'log_nodes',
  'pauses',
  'resumes',
  'revocations',
  'token_adoptions',
  'tokens',
] as const

/** A statement's slip is stopped by these, whoever makes it; one that is missing or disabled stops nothing. */
const guardingTriggers: readonly (readonly [table: string, trigger: string])[] = [
  ...recordTables.map((table) => [table, `${table}_are_final`] as const),
  ['audit_events', 'audit_events_keep_their_time'],
  ...['cut_offs', 'kept_proofs', 'pauses', 'resumes', 'revocations'].map(
    (table) => [table, `${table}_are_logged`] as const,
  ),
  // Deleted, once nobody has confirmed them.
  ['bulk_plans', 'bulk_plans_stay_as_they_are'],
  ['bulk_plan_tokens', 'bulk_plan_tokens_stay_as_they_are'],
]

/** Whether what has to stay on record could be changed, hidden behind temporary tables or given another time by our role. */
export async function mayChangeRecord(db: Queryable): Promise<boolean> {
  const { rows } = await db.execute<{ may: boolean }>(sql`
    select ${mayChangeTables('current_user')}
      or has_database_privilege(current_user, current_database(), 'temporary')
      or (select count(*) from pg_trigger join jsonb_array_elements(${JSON.stringify(guardingTriggers)}::jsonb) as guarding (pair)
        on tgrelid = to_regclass(pair->>0) and tgname = pair->>1 where tgenabled in ('O', 'A')
      ) < ${guardingTriggers.length}::int as may`)
  return rows[0]?.may ?? true
}

/** The same of the tables, for the login, which can go back to being itself. */
export async function mayLoginChangeRecord(db: Queryable): Promise<boolean> {
  const { rows } = await db.execute<{ may: boolean }>(sql`select ${mayChangeTables('session_user')} as may`)
  return rows[0]?.may ?? true
}

const mayChangeTables = (who: 'current_user' | 'session_user') => sql`(
  select bool_or(has_table_privilege(${sql.raw(who)}, name, 'update, delete, truncate'))
  from jsonb_array_elements_text(${JSON.stringify(recordTables)}::jsonb) as name)`
