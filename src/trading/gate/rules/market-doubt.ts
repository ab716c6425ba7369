/** No entry where the market cannot be trusted: no fresh data, a doubtful link or clock, an odd bar, no price, no sum of the account. */

import { BarFlag } from '../../../market/index.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

const always = { limits: {}, source: 'this project: fail closed' } as const

export const stalePair = defineRule({
  ...always,
  code: 'stalePair',
  unit: 'pair',
  boundary: 'from the instant at which the feed says that the pair is silent to the next message of it',
  allows: ({ pair }, account) => (account.doubt(pair) === 'stalePair' ? none : all),
})

export const linkDown = defineRule({
  ...always,
  code: 'linkDown',
  unit: 'link',
  boundary: 'from the first silent heartbeat to the next message',
  allows: ({ pair }, account) => (account.doubt(pair) === 'linkDown' ? none : all),
})

export const clockOff = defineRule({
  ...always,
  code: 'clockOff',
  unit: 'clock',
  boundary: 'from a comparison with the exchange that finds more than a bar between the clocks to one that finds less',
  allows: ({ pair }, account) => (account.doubt(pair) === 'clockOff' ? none : all),
})

export const unwatched = defineRule({
  ...always,
  code: 'unwatched',
  unit: 'risk manager',
  boundary: 'for good once the risk manager is quarantined: losses are not computed then',
  allows: ({ pair }, account) => (account.doubt(pair) === 'unwatched' ? none : all),
})

export const oddBar = defineRule({
  ...always,
  code: 'flagged',
  unit: 'flags of the last bar',
  boundary: 'until the next existing bar',
  allows: ({ pair }, account) =>
    ((account.market(pair)?.flags ?? BarFlag.stale) & (BarFlag.outlier | BarFlag.stale)) !== 0 ? none : all,
})

export const knownPrice = defineRule({
  ...always,
  code: 'noPrice',
  unit: 'USD',
  boundary: 'every price that is needed must be known',
  allows: ({ priceUsd }, account) => (priceUsd > 0 && !Number.isNaN(account.equityE6()) ? all : none),
})
