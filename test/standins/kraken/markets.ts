/** The pairs the stand-in lists, in the shape of Kraken's AssetPairs and Assets. */

import { instruments } from '../../../src/market/index.js'

export interface StandinPair {
  /** The model's name. */
  readonly pair: string
  readonly id: string
  readonly altname: string
  readonly wsname: string
  /** As on the socket: BTC/USD. */
  readonly symbol: string
  readonly base: string
  readonly decimals: number
}

const ripple: StandinPair = {
  pair: 'XRPUSD',
  id: 'XXRPZUSD',
  altname: 'XRPUSD',
  wsname: 'XRP/USD',
  symbol: 'XRP/USD',
  base: 'XXRP',
  decimals: 5,
}

/** What Kraken lists of the live default pairs today: EOS is delisted, XRP is there. */
export function pairsToday(): StandinPair[] {
  return [...standinPairs(['EOSUSD'], ['MATICUSD']), ripple]
}

/** All 18; `gone` are left out, `renamed` are listed under their successor's name, as Kraken does today. */
export function standinPairs(gone: readonly string[] = [], renamed: readonly string[] = []): StandinPair[] {
  return instruments
    .filter(i => !gone.includes(i.pair))
    .map(i => {
      const decimals = Math.round(-Math.log10(i.tickSize ?? 1e-4))
      const to = renamed.includes(i.pair) ? i.successor : undefined
      if (to !== undefined) {
        return { pair: i.pair, id: `${to}USD`, altname: `${to}USD`, wsname: `${to}/USD`, symbol: `${to}/USD`, base: to, decimals }
      }
      return {
        pair: i.pair,
        id: i.krakenId,
        altname: i.altname,
        wsname: i.wsname,
        symbol: i.ccxtSymbol,
        base: baseId(i.krakenId),
        decimals,
      }
    })
}

function baseId(id: string): string {
  return id.length === 8 && id.endsWith('ZUSD') ? id.slice(0, -4) : id === 'XDGUSD' ? 'XXDG' : id.slice(0, -3)
}

const fees = [
  [0, 0.4],
  [10000, 0.35],
]
const makerFees = [
  [0, 0.25],
  [10000, 0.2],
]

export function assetPairs(
  pairs: readonly StandinPair[],
  rules: ReadonlyMap<string, Record<string, unknown>> = new Map(),
): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map(p => [
      p.id,
      {
        altname: p.altname,
        wsname: p.wsname,
        aclass_base: 'currency',
        base: p.base,
        aclass_quote: 'currency',
        quote: 'ZUSD',
        lot: 'unit',
        cost_decimals: 5,
        pair_decimals: p.decimals,
        lot_decimals: 8,
        lot_multiplier: 1,
        leverage_buy: [2, 3],
        leverage_sell: [2, 3],
        fees,
        fees_maker: makerFees,
        fee_volume_currency: 'ZUSD',
        margin_call: 80,
        margin_stop: 40,
        ordermin: '0.00005',
        costmin: '0.5',
        tick_size: (10 ** -p.decimals).toFixed(p.decimals),
        status: 'online',
        long_position_limit: 80,
        short_position_limit: 80,
        ...rules.get(p.pair),
      },
    ]),
  )
}

export function assets(pairs: readonly StandinPair[]): Record<string, unknown> {
  const asset = (id: string) => [
    id,
    { aclass: 'currency', altname: id.replace(/^[XZ](?=...)/, ''), decimals: 10, display_decimals: 5, status: 'enabled' },
  ]
  return Object.fromEntries([...pairs.map(p => asset(p.base)), asset('ZUSD')])
}
