/** Trades a second on bonding curves: the arithmetic alone, and through the venue with its orders and events. */

import { curveVenue, launchCurve, newCurveMarket, publishedCurve, unlimitedClearing } from 'mycelia/market'
import { buyFrom, type Curve, circulating, newCurve, sellTo, takeEnds } from '../../src/exchange/index.js'
import { median, timeOf } from './measure.js'

export interface CurveSpeed {
  /** Purchases and sales of the curve itself. */
  readonly arithmeticPerSecond: number
  /** Orders submitted to the venue and filled in slots. */
  readonly venuePerSecond: number
}

const trades = 1_000_000
const perSlot = 10
const tokens = 1e12

export function curveSpeed(): CurveSpeed {
  const perSecond = (work: () => void) => {
    work()
    return (trades * 1_000) / median(Array.from({ length: 7 }, () => timeOf(work)))
  }
  return { arithmeticPerSecond: perSecond(alone), venuePerSecond: perSecond(inVenue) }
}

function alone(): void {
  const curve: Curve = newCurve(publishedCurve)
  for (let i = 0; i < trades; i++)
    if (i % 2 === 0) buyFrom(curve, tokens + i)
    else sellTo(curve, Math.min(tokens, circulating(curve)))
}

function inVenue(): void {
  const market = newCurveMarket()
  const pairs = Array.from({ length: perSlot }, (_, i) => `TOKEN-${i}`)
  for (const pair of pairs) launchCurve(market, pair, publishedCurve)
  let filled = 0
  const clearing = unlimitedClearing(({ kind }) => {
    if (kind === 'filled') filled++
  })
  for (let time = 0; filled < trades; time++) {
    for (let i = 0; i < perSlot; i++)
      curveVenue.submit(market, {
        account: 'a',
        clientId: '',
        pair: pairs[i] as string,
        side: time % 2 === 0 ? 'buy' : 'sell',
        qtyE8: tokens,
        limitUsd: null,
        referenceUsd: Number.NaN,
        reduces: false,
        submittedAt: time,
        expiresAt: time,
        priority: i % 3,
        reachesAt: time,
      })
    curveVenue.advance(market, { kind: 'slot', time }, clearing)
    takeEnds(market.orders)
  }
}
