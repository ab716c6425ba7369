/** Builders of requests and clearings for the tests of venues. */

import type { Acceptance, Clearing, Offer, Order, OrderEvent, OrderRequest } from '../../src/exchange/index.js'

export const T0 = Date.UTC(2024, 0, 1)
export const seed = Number(process.env.MYCELIA_TEST_SEED ?? 20_240_229)

/** A market order that any venue accepts. */
export function request(over: Partial<OrderRequest> = {}): OrderRequest {
  return {
    account: 'alice',
    clientId: 'a trade',
    pair: 'A',
    side: 'buy',
    qtyE8: 100_000,
    limitUsd: null,
    referenceUsd: Number.NaN,
    reduces: false,
    submittedAt: T0,
    expiresAt: Number.POSITIVE_INFINITY,
    ...over,
  }
}

export interface Recorder extends Clearing {
  readonly events: OrderEvent[]
}

/** A clearing that keeps every event. By default its accounts take all that they are offered. */
export function recorder(over: Partial<Clearing> = {}): Recorder {
  const events: OrderEvent[] = []
  return {
    events,
    refuses: () => null,
    affords: (_: Order, { qtyE8 }: Offer): Acceptance => ({ qtyE8, code: null }),
    ...over,
    on(event) {
      events.push(event)
      over.on?.(event)
    },
  }
}
