/** The stand-in's REST interface: GET /0/public/…, answered as Kraken answers. */

import type { Candle } from '../../../src/market/index.js'
import { assetPairs, assets, type StandinPair } from './markets.js'
import type { Tape } from './tape.js'

export interface RestWorld {
  readonly pairs: readonly StandinPair[]
  readonly tape: Tape
  /** Other fields of a pair's entry in AssetPairs. */
  readonly rules?: ReadonlyMap<string, Record<string, unknown>>
  now(): number
}

/** The `result` of a public method, or Kraken's words for an error. */
export function answer(world: RestWorld, method: string, query: URLSearchParams): { error: string[]; result?: unknown } {
  if (method === 'Time') return ok(timeOf(world.now()))
  if (method === 'SystemStatus') return ok({ status: 'online', timestamp: new Date(world.now()).toISOString() })
  if (method === 'Assets') return ok(assets(world.pairs))
  if (method === 'AssetPairs') return listing(world, query.get('pair'))
  const pair = world.pairs.find(p => [p.id, p.altname, p.wsname, p.symbol].includes(query.get('pair') ?? ''))
  if (pair === undefined) return { error: ['EQuery:Unknown asset pair'] }
  if (method === 'OHLC') return ok(ohlc(world, pair, query))
  if (method === 'Trades') return ok(trades(world, pair, query))
  if (method === 'Ticker') return ok({ [pair.id]: ticker(world, pair) })
  return { error: ['EGeneral:Unknown method'] }
}

/** The entries of the pairs asked for, else of all. One that is not listed makes the whole question an error. */
function listing({ pairs, rules }: RestWorld, asked: string | null) {
  const names = asked?.split(',')
  const found = names === undefined ? pairs : pairs.filter(p => [p.id, p.altname, p.wsname].some(name => names.includes(name)))
  return found.length < (names?.length ?? 0) ? { error: ['EQuery:Unknown asset pair'] } : ok(assetPairs(found, rules))
}

function ok(result: unknown) {
  return { error: [], result }
}

function timeOf(now: number) {
  const rfc1123 = new Date(now)
    .toUTCString()
    .replace(/ GMT$/, ' +0000')
    .replace(/(\d\d) (\w{3}) \d\d(\d\d)/, '$1 $2 $3')
  return { unixtime: Math.floor(now / 1000), rfc1123 }
}

function ohlc({ tape, now }: RestWorld, pair: StandinPair, query: URLSearchParams) {
  const intervalMs = Number(query.get('interval') ?? 1) * 60_000
  const since = Number(query.get('since') ?? 0) * 1000
  const candles = tape.candles(pair.symbol, intervalMs, now()).filter(c => c.time > since)
  return { [pair.id]: candles.map(c => candleRow(c, pair.decimals)), last: Math.floor((candles.at(-2)?.time ?? 0) / 1000) }
}

function candleRow(c: Candle, decimals: number) {
  const price = (x: number) => x.toFixed(decimals)
  const vwap = c.volume === 0 ? '0.0' : price((c.high + c.low + c.close) / 3)
  return [c.time / 1000, price(c.open), price(c.high), price(c.low), price(c.close), vwap, c.volume.toFixed(8), c.trades ?? 0]
}

function trades({ tape }: RestWorld, pair: StandinPair, query: URLSearchParams) {
  const since = Number((query.get('since') ?? '0').padStart(7, '0').slice(0, -6))
  const found = tape.since(pair.symbol, since)
  const rows = found.map(t => [
    t.price.toFixed(pair.decimals),
    t.volume.toFixed(8),
    t.time / 1000,
    t.side === 'buy' ? 'b' : 's',
    'm',
    '',
    t.id,
  ])
  return { [pair.id]: rows, last: `${found.at(-1)?.time ?? since}000000` }
}

function ticker({ tape }: RestWorld, pair: StandinPair) {
  const price = (tape.last(pair.symbol)?.price ?? 0).toFixed(pair.decimals)
  const two = (x: string | number) => [x, x]
  return {
    a: [price, '1', '1.000'],
    b: [price, '1', '1.000'],
    c: [price, '0.1'],
    v: two('1.0'),
    p: two(price),
    t: two(1),
    l: two(price),
    h: two(price),
    o: price,
  }
}
