/** The package brings no types; these are as much of them as the benchmark uses. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  export type Adapter = {
    find(id: string): Promise<object | undefined>
    findByUid(uid: string): Promise<undefined>
    findByUserCode(userCode: string): Promise<undefined>
    upsert(): Promise<void>
    consume(): Promise<void>
    destroy(): Promise<void>
    revokeByGrantId(): Promise<void>
  }

  export default class Provider {
    constructor(
      issuer: string,
      configuration: { adapter: (model: string) => Adapter } & Record<string, unknown>,
    )
    callback(): RequestListener
  }
}
