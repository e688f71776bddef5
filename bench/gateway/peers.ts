import type { Database } from '#db/client.ts'

/** What oidc-provider's adapter reads: opaque access tokens with these texts. */
export async function fillOidcTokens(owner: Database, tokens: readonly string[], clientId: string) {
  await owner.$client.query(
    'create table bench_oidc_tokens (model text, id text, payload jsonb not null, primary key (model, id))',
  )
  await owner.$client.query(
    `insert into bench_oidc_tokens
     select 'AccessToken', text, jsonb_build_object('iat', $2::int, 'exp', $3::int, 'accountId', 'bench',
       'clientId', $4::text, 'kind', 'AccessToken', 'jti', text, 'scope', 'order payment catalog')
     from unnest($1::text[]) text`,
    [tokens, secondsNow(), secondsNow() + 86_400, clientId],
  )
  await owner.$client.query('vacuum analyze bench_oidc_tokens')
}

/** Copies the one key that better-auth made itself, with the hashes (SHA-256, base64url) of these texts. */
export async function fillApiKeys(owner: Database, keys: readonly string[]) {
  await owner.$client.query(
    `insert into apikey
     select copied.* from (select * from apikey limit 1) model, unnest($1::text[]) text,
       jsonb_populate_record(null::apikey, to_jsonb(model) || jsonb_build_object('id', md5(text), 'key',
         rtrim(translate(encode(sha256(text::bytea), 'base64'), '+/', '-_'), '='))) copied`,
    [keys],
  )
  await owner.$client.query('vacuum analyze apikey')
}

function secondsNow() {
  return Math.floor(Date.now() / 1000)
}
