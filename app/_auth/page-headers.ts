/** How proxy.ts tells a page of ours its own path and query. */
export const pathHeader = 'x-path'

/** How proxy.ts hands a page the token that next-auth wants back in the page's forms. */
export const csrfHeader = 'x-csrf-token'
