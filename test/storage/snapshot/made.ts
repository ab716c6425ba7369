/** A snapshot as tests have it. */
import type { Snapshot } from '../../../src/storage/snapshot/schema.js'

export const MINT = 'So11111111111111111111111111111111111111112'
export const OTHER = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'
/** Model time of a snapshot. */
export const NOON = 1_704_110_400_000

export function madeToken(changed: Partial<Snapshot['marketData'][number]> = {}): Snapshot['marketData'][number] {
  return {
    mint: MINT,
    fetched_at: NOON,
    launched_at: NOON - 3_600_000,
    price: 0.0000412,
    phase: 'mid',
    progress: 0.42,
    buyers: 61,
    flow: -1.5e9,
    volumes: [1e9, 2e9, 1.5e9],
    closes: [0.00004, 0.000041, 0.0000412],
    creator_share: null,
    reputation: 0.5,
    top_ten: 0,
    curve: {
      virtual_lamports: '42000000000',
      virtual_tokens: '766428571428571',
      real_lamports: '12000000000',
      real_tokens: '486528571428571',
      complete: false,
    },
    news: { mood: 0.3, time: NOON - 60_000, title: 'A token, "quoted", with: all of [that]' },
    social: { mentions: 14, time: NOON },
    multi_launch: true,
    dormant: false,
    ...changed,
  }
}

export function madeSnapshot(changed: Partial<Snapshot> = {}): Snapshot {
  return {
    schema_version: '2.0',
    generated_at: NOON,
    last_fetched_at: NOON,
    source_agent: 'fetch',
    userId: 'alice',
    profile: {
      style: 'swing',
      base_size_lamports: '500000000',
      consents: [{ category: 'all', from: NOON - 1e9, until: NOON + 1e9, source: 'form' }],
    },
    balances: [{ asset: 'SOL', amount: '10000000000' }],
    portfolio: [],
    transactions: [
      {
        id: '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW',
        mint: MINT,
        action: 'buy',
        amount: '18446744073709551615',
        lamports: '0',
        time: NOON - 5,
      },
    ],
    bots: [{ id: 'one', strategy: 'swing', enabled: true, max_open: 5 }],
    marketData: [madeToken()],
    ...changed,
  }
}
