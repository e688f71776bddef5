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
    scopes: ("read" | "issue" | "renew" | "collect" | "revoke" | "pause" | "plan" | "cut-off" | "webhooks" | "members" | "audit")[];
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
        "from": ("merchant" | "partner" | "operator" | "public") | null;
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
export type Plan = {
    id: string;
    /** Whose plan it is; null: a partner’s. */
    store: Party | null;
    /** Whose plan it is; null: a store’s. */
    partner: Party | null;
    isOwn: boolean;
    state: "frozen" | "expired" | "announced" | "running" | "done" | "cancelled" | "stopped";
    /** How many of its tokens are yours. */
    tokens: number;
    /** The parameters of the list that they matched. Of the own side only. */
    list: string | null;
    frozenAt: string;
    frozenBy: Person;
    confirmation: {
        kind: "revoke" | "renew" | "pause" | "resume";
        at: string;
        by: Person;
        /** Null: at once. */
        runAt: string | null;
        reason: ("no-longer-working-together" | "exposed" | "another-expiry-date" | "replaced" | "access-removed" | "other") | null;
        note: string | null;
        /** Of the new tokens, where it was chosen. */
        expiresAt: string | null;
        /** `adopted`: when the new ones are first used; or a time. */
        oldTokensEnd: string | null;
        /** Of a pause. */
        until: string | null;
        /** Of a pause. */
        endsAs: ("resumed" | "revoked") | null;
    } | null;
    end: {
        kind: "cancelled" | "stopped";
        at: string;
        by: Person;
    } | null;
    /** Tokens that were dealt with. Of the own side only. */
    done: number | null;
    /** Tokens that were left as they were. Of the own side only. */
    leftOut: number | null;
    finishedAt: string | null;
    /** Its last step failed, and is tried again then. */
    goesOnAt: string | null;
};
export type CutOff = {
    id: string;
    /** Null: all stores of the partner. */
    store: Party | null;
    /** Null: all partners of the store. */
    partner: Party | null;
    /** What was issued up to then is revoked; what is issued later lives. */
    at: string;
    "from": "merchant" | "partner" | "operator" | "public";
    by: Person;
    reason: "exposed" | "no-longer-working-together" | "other";
    note: string | null;
    /** How much of it is written down token by token. Every token is refused from `at` on. */
    progress: number;
    /** How many it ended. Null: not counted yet, or not all of them are yours. */
    tokens: number | null;
    /** Since when all of it is written down. */
    recordedAt: string | null;
};
export type Webhook = {
    id: string;
    url: string;
    /** Which events it wants. */
    kinds: string[];
    createdAt: string;
    createdBy: Person;
    /** Since when nothing is sent; null: it is enabled. */
    disabledAt: string | null;
    /** Since when nothing gets there; null: it does. */
    failingSince: string | null;
    /** Deliveries that were not taken and are tried again: 100 at most. */
    retried: number;
};
export type Delivery = {
    /** The `webhook-id` of each attempt. */
    id: string;
    kind: string;
    /** What is sent, byte by byte. */
    payload: string;
    createdAt: string;
    state: "waiting" | "delivered" | "failed";
    attemptCount: number;
    /** The last one first, 20 at most. */
    attempts: {
        at: string;
        durationMs: number;
        /** Of the answer; null: there was none. */
        status: number | null;
        /** Why it was not taken; null: it was. */
        problem: string | null;
    }[];
};
export type Member = {
    id: string;
    name: string;
    email: string;
    role: "owner" | "administrator" | "viewer";
    /** The platform lets them in nowhere. */
    isDisabled: boolean;
    hasPasskey: boolean;
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
    by?: "merchant" | "partner" | "operator" | "public" | "expiry";
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
                /** `credential`: a program with a service credential. `program`: one that held the token. `plan`: as was planned. `operator`: the platform. `report`: whoever reported that it had leaked. */
                actor: "person" | "credential" | "program" | "plan" | "operator" | "report";
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
 * Plans of the store or partner, and those of others that concern it, the last one first.
 */
export function listPlans({ limit, after, ifNoneMatch }: {
    limit?: number;
    after?: string;
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            plans: Plan[];
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
    }>(`/plans${QS.query(QS.explode({
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
 * Freezes the ids of up to 1,000,000 live tokens. Nothing is done with them until it is confirmed, within 24 hours.
 */
export function freezePlan(idempotencyKey: string, body: {
    "of": "list";
    /** As the parameters of the list of tokens. */
    list: {
        show?: "active" | "expiring";
        /** Part of a name, a whole id, the last four characters, or `sha256:` and the SHA-256 of a text in base64url. */
        search?: string;
        /** Of live tokens. */
        use?: "in-use" | "last-24-hours" | "not-used" | "waiting" | "paused";
        /** Live tokens that were used, and not for so many days. */
        quiet?: number;
        /** Of live tokens. */
        mark?: "new" | "renewed";
        /** Live tokens that may call it. */
        api?: "order" | "payment" | "catalog";
        /** Live tokens that end within so many days. */
        ends?: "7" | "30" | "90";
        /** Live tokens that work for more than so many days. */
        lasts?: number;
        /** Live tokens that were made before this day in UTC. */
        issued?: string;
    };
} | {
    "of": "parties-of-plan";
    /** All live tokens of its stores and partners. */
    planId: string;
} | {
    "of": "paused-by-plan";
    /** What it paused and is still paused. */
    planId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            planId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/plans", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * One plan, with what confirms it.
 */
export function getPlan(id: string, { ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            plan: Plan;
            /** What has to be sent back to confirm it. Null: it is not yours. */
            hashes: {
                /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
                revoke: string;
                /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
                renew: string;
                /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
                pause: string;
                /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
                resume: string;
            } | null;
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
    }>(`/plans/${encodeURIComponent(id)}`, {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * Your tokens of a plan, and what became of each. None once its ids are deleted.
 */
export function listTokensOfPlan(id: string, { limit, after, ifNoneMatch }: {
    limit?: number;
    after?: string;
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            tokens: {
                tokenId: string;
                /** The plan came to it. */
                isDealtWith: boolean;
                /** Why it was left as it was; null: it was not. */
                leftOut: ("revoked" | "cut-off" | "expired" | "already-renewed" | "paused" | "package-without-apis" | "paused-before" | "expires-too-soon" | "paused-too-often" | "over" | "not-paused" | "ends-now" | "paused-since") | null;
            }[];
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
    }>(`/plans/${encodeURIComponent(id)}/tokens${QS.query(QS.explode({
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
 * Cut-offs that concern the store or partner, the last one first.
 */
export function listCutOffs({ limit, after, ifNoneMatch }: {
    limit?: number;
    after?: string;
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            cutOffs: CutOff[];
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
    }>(`/cut-offs${QS.query(QS.explode({
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
 * Revokes at once every token that was issued up to now: with one partner or store, or all there are.
 */
export function cutOff(idempotencyKey: string, body: {
    "of": "pair";
    /** Of the partner, where a store asks; of the store, where a partner does. */
    otherId: string;
    /** What the store or partner whose tokens end is called, as a person types it to confirm. */
    name: string;
    reason: "exposed" | "no-longer-working-together" | "other";
    note?: string;
} | {
    "of": "everything";
    /** What the store or partner whose tokens end is called, as a person types it to confirm. */
    name: string;
    reason: "exposed" | "no-longer-working-together" | "other";
    note?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            cutOffId: string;
            at: string;
            /** Whether there was a live token. `none`: `cutOffId` is the one that had ended them before. */
            ended: "some" | "none" | "unknown";
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/cut-offs", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * One cut-off, and how far it is written down.
 */
export function getCutOff(id: string, { ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: CutOff;
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
    }>(`/cut-offs/${encodeURIComponent(id)}`, {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * All webhooks, the oldest first: 20 at most.
 */
export function listWebhooks({ ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhooks: Webhook[];
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
    }>("/webhooks", {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * Adds a webhook.
 */
export function addWebhook(idempotencyKey: string, body: {
    url: string;
    kinds: ("token.issued" | "token.renewed" | "token.adopted" | "token.expiring" | "token.expired" | "token.revoked" | "token.paused" | "token.resumed" | "token.refused_after_revocation")[];
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
            /** With which it is signed: in this answer alone, and kept in none. Null: this answer is a repetition. */
            secret: string | null;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * What one webhook was sent in the last 30 days, the newest first.
 */
export function listDeliveries(id: string, { limit, after, ifNoneMatch }: {
    limit?: number;
    after?: string;
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhook: Webhook;
            deliveries: Delivery[];
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
    }>(`/webhooks/${encodeURIComponent(id)}/deliveries${QS.query(QS.explode({
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
 * Who works for the store or partner: owners first, 200 at most.
 */
export function listMembers({ ifNoneMatch }: {
    ifNoneMatch?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            members: Member[];
            /** There are more than 200. */
            hasMore: boolean;
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
    }>("/members", {
        ...opts,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "If-None-Match": ifNoneMatch
        })
    });
}
/**
 * The record, the oldest first: each line is an `AuditEntry`. Whoever breaks off goes on behind the last line.
 */
export function readAudit({ after }: {
    after?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: string;
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
    }>(`/audit.ndjson${QS.query(QS.explode({
        after
    }))}`, {
        ...opts
    });
}
/**
 * The same for spreadsheets, with a line of names first. A text that they would run gets an apostrophe before it.
 */
export function readAuditAsCsv({ after }: {
    after?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: string;
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
    }>(`/audit.csv${QS.query(QS.explode({
        after
    }))}`, {
        ...opts
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
 * Does one thing with the tokens of a plan. Needs the scope of it as well: `revoke`, `renew`, or `pause`. Up to 10,000 at once, more of them in steps.
 */
export function confirmPlan(idempotencyKey: string, body: {
    kind: "revoke";
    planId: string;
    /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
    hash: string;
    /** Left out: at once. Within 30 days. */
    runAt?: string;
    reason?: ("no-longer-working-together" | "exposed" | "another-expiry-date" | "other") | null;
    note?: string;
} | {
    kind: "renew";
    planId: string;
    /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
    hash: string;
    /** Left out: at once. Within 30 days. */
    runAt?: string;
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
} | {
    kind: "pause";
    planId: string;
    /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
    hash: string;
    /** Left out: at once. Within 30 days. */
    runAt?: string;
    until: string;
    endsAs: "resumed" | "revoked";
    reason?: ("exposed" | "no-longer-working-together" | "other") | null;
    note?: string;
} | {
    kind: "resume";
    planId: string;
    /** SHA-256 of what is done and of the ids: `hashes` of the plan. */
    hash: string;
    /** Left out: at once. Within 30 days. */
    runAt?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            planId: string;
            /** `running`: the worker does it in steps. `announced`: at its time. `before`: somebody had confirmed it. */
            "is": "done" | "running" | "announced" | "before";
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/plans/confirm", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Nothing becomes of a plan that nobody has confirmed, or whose time has not come.
 */
export function cancelPlan(idempotencyKey: string, body: {
    planId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            planId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/plans/cancel", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * What is not done yet of a plan that is under way is not done.
 */
export function stopPlan(idempotencyKey: string, body: {
    planId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            planId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/plans/stop", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Another address, or other kinds of event, from the next attempt on.
 */
export function changeWebhook(idempotencyKey: string, body: {
    webhookId: string;
    url: string;
    kinds: ("token.issued" | "token.renewed" | "token.adopted" | "token.expiring" | "token.expired" | "token.revoked" | "token.paused" | "token.resumed" | "token.refused_after_revocation")[];
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks/change", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Signs with a new secret from the next attempt on.
 */
export function rollWebhookSecret(idempotencyKey: string, body: {
    webhookId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
            /** With which it is signed: in this answer alone, and kept in none. Null: this answer is a repetition. */
            secret: string | null;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks/roll-secret", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Disables or enables a webhook. What happens while it is disabled is not made up for.
 */
export function switchWebhook(idempotencyKey: string, body: {
    webhookId: string;
    to: "enabled" | "disabled";
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks/switch", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Sends a test event.
 */
export function testWebhook(idempotencyKey: string, body: {
    webhookId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
            deliveryId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks/test", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Sends once more what was delivered or has failed, under the same `webhook-id`.
 */
export function redeliver(idempotencyKey: string, body: {
    deliveryId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks/redeliver", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * Removes a webhook for good.
 */
export function removeWebhook(idempotencyKey: string, body: {
    webhookId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            webhookId: string;
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
        status: 411;
        data: string;
    } | {
        status: 413;
        data: string;
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
    }>("/webhooks/remove", oazapfts.json({
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
