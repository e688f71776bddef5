// @ts-nocheck
/**
 * DO NOT MODIFY - This file has been generated using oazapfts.
 * See https://www.npmjs.com/package/oazapfts
 */
import * as Oazapfts from "@oazapfts/runtime";
import * as QS from "@oazapfts/runtime/query";
export const defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders> = {
    headers: {},
    baseUrl: "https://tokens.example/api/v1"
};
const oazapfts = Oazapfts.runtime(defaults);
export const servers = {
    server1: "https://tokens.example/api/v1"
};
export type Credential = {
    id: string;
    name: string;
    scopes: ("read" | "issue" | "renew" | "collect" | "revoke" | "pause")[];
    expiresAt: string;
    /** For whom it works; null: for a partner. */
    store: {
        id: string;
    } | null;
    /** For whom it works; null: for a store. */
    partner: {
        id: string;
    } | null;
};
export type Problem = {
    /** Leads to its explanation. What stands behind `#` never changes. */
    "type": string;
    title: string;
    status: number;
    /** What is wrong with this request, and what to do. */
    detail: string;
    /** Of `scope-missing`: the scope that it needs. */
    scope?: string;
    /** Of `parameters-invalid`: which ones. */
    parameters?: string[];
    /** Of `body-invalid`: each part that is wrong. */
    errors?: {
        pointer: string;
        detail: string;
    }[];
    /** Of `quota-exceeded`. */
    "violated-policies"?: string[];
};
export type Party = {
    id: string;
    name: string;
};
export type Person = {
    name: string | null;
    /** Of the own side only. */
    email: string | null;
    role: ("owner" | "administrator" | "viewer") | null;
};
export type Token = {
    id: string;
    lastCharacters: string;
    store: Party;
    partner: Party;
    apis: ("order" | "payment" | "catalog")[];
    /** `renewed`: a live successor goes on; `new`: none does. */
    status: "new" | "renewed" | "revoked" | "expired";
    /** What the pages say of it, in one word. */
    state: "revoked" | "expired" | "paused" | "waiting" | "never-collected" | "ending" | "old-can-go" | "old-in-use" | "old-quiet" | "not-used-yet" | "in-use" | "quiet";
    canBeRenewed: boolean;
    createdAt: string;
    expiresAt: string;
    lastUse: {
        at: string;
        api: string | null;
        address: string | null;
        client: string | null;
    } | null;
    /** Since when a token that renewed another one is in use. */
    adoptedAt: string | null;
    predecessorId: string | null;
    /** The live token with which its chain goes on. */
    successor: {
        id: string;
        adoptedAt: string | null;
    } | null;
    /** Whether its text was collected. `none`: it was never kept. */
    handover: {
        status: "none" | "waiting" | "collected" | "too-late";
        collectUntil: string | null;
        collectedAt: string | null;
        collectedFrom: ("merchant" | "partner") | null;
        collectedBy: Person | null;
    };
    /** It is to be revoked by itself: at that time, or, where there is none, when its successor is first used. */
    retirement: {
        at: string | null;
        plannedAt: string;
        plannedFrom: ("merchant" | "partner") | null;
        plannedBy: Person;
    } | null;
    pauses: {
        "from": "merchant" | "partner";
        begunAt: string;
        endsAt: string;
        endsAs: "resumed" | "revoked";
        by: Person;
        reason: ("exposed" | "no-longer-working-together" | "other") | null;
        note: string | null;
    }[];
    revocation: {
        at: string;
        "from": ("merchant" | "partner" | "operator") | null;
        by: Person;
        reason: ("no-longer-working-together" | "exposed" | "another-expiry-date" | "replaced" | "access-removed" | "other") | null;
        note: string | null;
    } | null;
    /** Calls with it after its revocation, all of them refused. */
    attempts: {
        count: number;
        firstAt: string;
        lastAt: string;
        lastAddress: string | null;
        lastClient: string | null;
    } | null;
};
export type Access = {
    store: Party;
    partner: Party;
    apis: ("order" | "payment" | "catalog")[];
    addedAt: string;
    /** 100 at most: `liveTokensMore` says whether there are more. */
    liveTokens: number;
    liveTokensMore: boolean;
};
/**
 * The credential itself: for whom it works, what it may do, and until when.
 */
export function getCredential({ ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: Credential;
    } | {
        status: 304;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/credential", {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * Tokens, with the filters, searches and orders of the lists.
 */
export function listTokens({ show, search, limit, after, sort, use, quiet, mark, api, ends, lasts, issued, reason, by, ifNoneMatch }: {
    show?: "active" | "expiring" | "ended";
    search?: string;
    limit?: number;
    after?: string;
    sort?: "needs" | "expires" | "-expires" | "created" | "-created" | "used" | "-used" | "name" | "-name" | "ended" | "-ended";
    use?: "in-use" | "last-24-hours" | "not-used" | "waiting" | "paused";
    quiet?: number;
    mark?: "new" | "renewed";
    api?: "order" | "payment" | "catalog";
    ends?: "7" | "30" | "90";
    lasts?: number;
    issued?: string;
    reason?: "no-longer-working-together" | "exposed" | "another-expiry-date" | "replaced" | "access-removed" | "other" | "none";
    by?: "merchant" | "partner" | "operator" | "expiry";
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            tokens: Token[];
            /** The cursor of the next page, for `after`; null: this is the last one. */
            next: string | null;
        };
    } | {
        status: 304;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/tokens${QS.query(QS.explode({
        show,
        search,
        limit,
        after,
        sort,
        use,
        quiet,
        mark,
        api,
        ends,
        lasts,
        issued,
        reason,
        by
    }))}`, {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * Issues a new token to a partner without a live one. For stores.
 */
export function issueToken(idempotencyKey: string, body: {
    partnerId: string;
    /** One year from now, unless it says otherwise. */
    expiresAt?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            tokenId: string;
            expiresAt: string;
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * One token, with the last 100 lines of its history and its use in the last 30 days.
 */
export function getToken(id: string, { ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            token: Token;
            /** What was done about it, the last action first, 100 at most. */
            history: {
                at: string;
                action: string;
                "from": ("merchant" | "partner") | null;
                /** `credential`: a program with a service credential. `program`: one that held the token. `plan`: as was planned. `operator`: the platform. */
                actor: "person" | "credential" | "program" | "plan" | "operator";
                by: Person;
                /** Of the own side only. */
                address: string | null;
                reason: string | null;
                note: string | null;
                details: {
                    [key: string]: string;
                };
            }[];
            /** Of the last 30 days in UTC. */
            use: {
                apis: {
                    api: string;
                    days: {
                        day: string;
                        calls: number;
                        refusals: number;
                    }[];
                }[];
                /** Of accepted calls, the latest first, 20 at most. */
                addresses: {
                    address: string;
                    firstUsedAt: string | null;
                    lastUsedAt: string;
                    usedOn: string[];
                }[];
                hasMoreAddresses: boolean;
            };
        };
    } | {
        status: 304;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/tokens/${encodeURIComponent(id)}`, {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * Of a store: the partners that have access, with their APIs. Of a partner: the stores that have added it.
 */
export function listAccess({ search, limit, after, ifNoneMatch }: {
    search?: string;
    limit?: number;
    after?: string;
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            access: Access[];
            /** The cursor of the next page, for `after`; null: this is the last one. */
            next: string | null;
        };
    } | {
        status: 304;
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>(`/access${QS.query(QS.explode({
        search,
        limit,
        after
    }))}`, {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * Makes new tokens beside the old ones, which go on working.
 */
export function renewTokens(idempotencyKey: string, body: {
    tokenIds: string[];
    /** One year from now, unless it says otherwise. */
    expiresAt?: string;
    /** When the old ones end, if not before: when they expire, when their new one is first used, or on a date. */
    oldTokens?: {
        end: "at-expiry";
    } | {
        end: "at-first-use";
    } | {
        end: "on-date";
        at: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** What became of each token, in the order of the request. */
            results: {
                tokenId: string;
                outcome: "renewed" | "package-without-apis" | "revoked" | "expired" | "already-renewed" | "paused" | "not-found";
                /** Its new token, whose text is collected. */
                successorId: string | null;
            }[];
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens/renew", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Hands out the texts of new tokens, each once.
 */
export function collectTokens(idempotencyKey: string, body: {
    tokenIds: string[];
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** What became of each token, in the order of the request. */
            results: {
                tokenId: string;
                outcome: "collected" | "already-collected" | "ended" | "too-late" | "not-kept" | "key-missing" | "not-found";
                /** Of a token that was collected now. It is kept nowhere. */
                text: string | null;
            }[];
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens/collect", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Ends tokens at once and for good.
 */
export function revokeTokens(idempotencyKey: string, body: {
    tokenIds: string[];
    reason?: ("no-longer-working-together" | "exposed" | "another-expiry-date" | "other") | null;
    note?: string;
    /** `with-siblings`: with every other live token of the same partners for the same stores. */
    extent?: "chosen" | "with-siblings";
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** What became of each token, in the order of the request. */
            results: {
                tokenId: string;
                outcome: "revoked" | "already-revoked" | "expired" | "not-found";
            }[];
            /** Others that were revoked with them. */
            alsoRevoked: string[];
            /** Other live tokens of the same partners for the same stores go on working: the first five. */
            stillLive: string[];
            /** How many of them there are, 100 at most; null: more. */
            stillLiveCount: number | null;
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens/revoke", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Ends old tokens whose new ones are in use, and no others.
 */
export function retireTokens(idempotencyKey: string, body: {
    tokenIds: string[];
    reason?: "replaced" | "exposed";
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** What became of each token, in the order of the request. */
            results: {
                tokenId: string;
                outcome: "revoked" | "already-revoked" | "expired" | "not-found" | "not-in-use";
            }[];
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens/retire", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Stops tokens until a time. Then they work again, or are revoked.
 */
export function pauseTokens(idempotencyKey: string, body: {
    tokenIds: string[];
    until: string;
    endsAs: "resumed" | "revoked";
    reason?: ("exposed" | "no-longer-working-together" | "other") | null;
    note?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** What became of each token, in the order of the request. */
            results: {
                tokenId: string;
                outcome: "paused" | "already-paused" | "revoked" | "cut-off" | "expired" | "expires-too-soon" | "paused-too-often" | "not-found";
            }[];
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens/pause", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Ends pauses of the own side.
 */
export function resumeTokens(idempotencyKey: string, body: {
    tokenIds: string[];
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            /** What became of each token, in the order of the request. */
            results: {
                tokenId: string;
                outcome: "resumed" | "revoked" | "not-paused" | "paused-by-others" | "ends-now" | "not-found";
            }[];
            /** `unconfirmed`: it is done, and would be lost with the primary database if that were lost now. */
            onStandby: "confirmed" | "unconfirmed";
        };
    } | {
        status: 400;
        data: Problem;
    } | {
        status: 401;
        data: Problem;
    } | {
        status: 403;
        data: Problem;
    } | {
        status: 404;
        data: Problem;
    } | {
        status: 409;
        data: Problem;
    } | {
        status: 415;
        data: Problem;
    } | {
        status: 422;
        data: Problem;
    } | {
        status: 429;
        data: Problem;
    } | {
        status: 500;
        data: Problem;
    } | {
        status: 503;
        data: Problem;
    }>("/tokens/resume", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * This document.
 */
export function getDocument({ ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            openapi: string;
            [key: string]: unknown;
        };
    } | {
        status: 304;
    }>("/openapi.json", {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
