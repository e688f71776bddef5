/** Variables that would lead our own PostgreSQL's clients, or the demo's sign-in, somewhere else. */
const misleading = /^PG[A-Z]+$|^NEXTAUTH_URL$|^DATABASE_URL$/

export function forgetMisleadingVariables() {
  for (const name of Object.keys(process.env)) {
    if (misleading.test(name)) delete process.env[name]
  }
}
