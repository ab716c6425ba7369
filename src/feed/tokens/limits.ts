/** The bounds of token data from outside; what is beyond them is not read, which is counted. */

export const tokenLimits = {
  /** Headlines of one feed. */
  headlines: 500,
  /** Tokens that are asked about in one fetch, and users. */
  fetchedTokens: 200,
  fetchedUsers: 10_000,
} as const
