/** The peers are not installed where everything is type-checked; these are as much of their types as is used here. */
declare module 'fastify' {
  import type { Server } from 'node:http'

  type Request = { headers: Record<string, string | undefined>; body: unknown }
  type Reply = { code(status: number): { send(): Reply } }

  export function fastify(): {
    server: Server
    addContentTypeParser(
      contentType: string,
      options: { parseAs: 'string' },
      parse: (request: Request, body: string, done: (error: Error | null, body: unknown) => void) => void,
    ): void
    post(path: string, handle: (request: Request, reply: Reply) => Promise<unknown>): void
    ready(): Promise<void>
  }
}

declare module '@better-auth/api-key' {
  export type Plugin = { id: 'api-key' }
  export function apiKey(options: { rateLimit: { enabled: boolean } }): Plugin
}

declare module 'better-auth' {
  import type { Plugin } from '@better-auth/api-key'
  import type { Pool } from 'pg'

  export type Options = {
    baseURL: string
    secret: string
    database: Pool
    emailAndPassword: { enabled: boolean }
    logger: { disabled: boolean }
    telemetry: { enabled: boolean }
    plugins: Plugin[]
  }

  export function betterAuth(options: Options): {
    options: Options
    api: {
      signUpEmail(request: { body: { email: string; name: string; password: string } }): Promise<{
        user: { id: string }
      }>
      createApiKey(request: { body: { userId: string; name: string } }): Promise<unknown>
      verifyApiKey(request: { body: { key: string } }): Promise<unknown>
    }
  }
}

declare module 'better-auth/db/migration' {
  import type { Options } from 'better-auth'

  export function getMigrations(options: Options): Promise<{ runMigrations(): Promise<void> }>
}
