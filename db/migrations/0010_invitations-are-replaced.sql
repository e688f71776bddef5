-- Inviting again makes an invitation of its own: none gets another secret, or lives longer.
revoke update (hash, expires_at) on invitations from partner_tokens_app;
