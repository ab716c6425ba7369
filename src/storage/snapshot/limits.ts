/** The bounds of snapshots; what is larger is refused by name. */

export const snapshotLimits = {
  /** Rows of one snapshot. */
  tokens: 1_000,
  transactions: 10_000,
  balances: 1_000,
  bots: 100,
  consents: 1_000,
  /** Minutes of volume and price of a token. */
  minutes: 240,
  /** Bytes of one file. */
  snapshotBytes: 32 << 20,
} as const
