/** What a request may send: no form of ours, and nothing that a program sends, comes near it. */
export const largestBodyKiB = 512
