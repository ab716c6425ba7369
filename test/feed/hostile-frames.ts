/** Frames that Kraken never sends: real ones with characters changed, and valid JSON with hostile values. */

import type { Rng } from '../../src/core/index.js'
import { candleFrame, stampOf, tickerFrame, tradeFrame } from '../standins/kraken/frames.js'

const symbol = 'BTC/USD'

/** Changes one to eight characters anywhere. */
export function mutated(rng: Rng, now: number): string {
  const text = [...rng.pick(realFrames(now))]
  for (let n = 1 + rng.int(8); n > 0; n--) {
    const at = rng.int(text.length)
    const how = rng.int(3)
    if (how === 0) text[at] = String.fromCharCode(32 + rng.int(95))
    else if (how === 1) text.splice(at, 1)
    else text.splice(at, 0, String.fromCharCode(1 + rng.int(0xd7fe)))
  }
  return text.join('')
}

function realFrames(now: number): string[] {
  const minute = now - (now % 60_000)
  const candle = { time: minute, open: 100, high: 102, low: 99, close: 101, volume: 5, trades: 7 }
  return [
    tradeFrame('update', symbol, [{ id: 5_000_000 + (now % 1000), time: now, price: 100.5, volume: 0.25, side: 'buy' }]),
    tickerFrame('update', symbol, 100.5, now),
    candleFrame('update', symbol, 1, [candle]),
  ]
}

/** A value as it would stand in JSON text. */
const hostileNumbers = [
  '1e999',
  '-1e999',
  '-5',
  '0',
  '""',
  'null',
  '"100.5"',
  'true',
  '[]',
  '{}',
  '1e300',
  `0.${'1234567890'.repeat(4)}`,
  '9'.repeat(40),
]
const badStamps = ['"yesterday"', '""', 'null', '1760000000', '"2026-13-45T99:99:99Z"', '"1970-01-01T00:00:00.000000Z"']

const tradeFields = { symbol: `"${symbol}"`, side: '"buy"', price: '100.5', qty: '0.25', ord_type: '"market"', trade_id: '7' }
const candleFields = {
  symbol: `"${symbol}"`,
  open: '100',
  high: '102',
  low: '99',
  close: '101',
  trades: '7',
  volume: '5',
  vwap: '100',
  interval: '1',
}

type Change = (rng: Rng, now: number) => string

const wrap = (channel: string, type: string, ...entries: Record<string, string>[]) =>
  `{"channel":"${channel}","type":"${type}","data":[${entries.map(object).join(',')}]}`
const object = (fields: Record<string, string>) =>
  `{${Object.entries(fields)
    .map(([k, v]) => `"${k}":${v}`)
    .join(',')}}`
const stamp = (time: number) => `"${stampOf(time)}"`
const trade = (now: number, change: Record<string, string> = {}) => ({ ...tradeFields, timestamp: stamp(now), ...change })
const bar = (now: number, change: Record<string, string> = {}) => ({
  ...candleFields,
  interval_begin: stamp(now - (now % 60_000)),
  ...change,
})

const changes: readonly Change[] = [
  (rng, now) => wrap('trade', 'update', trade(now, { [rng.pick(['price', 'qty'])]: rng.pick(hostileNumbers) })),
  (rng, now) =>
    wrap(
      'ohlc',
      'update',
      bar(now, { [rng.pick(['open', 'high', 'low', 'close', 'volume', 'trades'])]: rng.pick(hostileNumbers) }),
    ),
  (rng, _now) => wrap('ticker', 'update', { symbol: `"${symbol}"`, last: rng.pick(hostileNumbers), volume: '1' }),
  (rng, now) => wrap('trade', 'update', trade(now, { timestamp: rng.pick(badStamps) })),
  (rng, now) => wrap('trade', 'update', trade(now, { timestamp: stamp(now + 3_600_000 + rng.int(1e6)) })),
  (rng, now) => wrap('trade', 'update', trade(now, { trade_id: rng.pick(['-1', '1.5', '"7"', 'null', '1e99']) })),
  (rng, now) =>
    wrap('trade', 'update', trade(now, { symbol: rng.pick(['"FOO/USD"', '"__proto__"', 'null', '7', '"constructor"']) })),
  (rng, now) => wrap('trade', 'update', trade(now), trade(now, { symbol: '"ETH/USD"', trade_id: String(rng.int(1e6)) })),
  (_, now) => wrap('ohlc', 'update', bar(now, { high: '98' })),
  (_, now) => wrap('ohlc', 'update', bar(now, { close: '103' })),
  (_, now) => wrap('ohlc', 'update', bar(now, { open: '90' })),
  (_, now) => wrap('ohlc', 'update', bar(now, { volume: '1e30' })),
  (_, now) => wrap('ohlc', 'update', bar(now, { volume: '-2' })),
  (_, now) => wrap('ohlc', 'update', bar(now, { trades: '-2' })),
  (rng, now) => wrap('ohlc', 'update', bar(now, { interval_begin: stamp(now - (now % 60_000) - 1 - rng.int(59_000)) })),
  rng => rng.pick(['[]', 'null', '7', '"x"', '[1,2,3]', '""']),
  rng =>
    rng.pick([
      '{}',
      '{"channel":"executions","data":[]}',
      '{"method":"add_order","success":true}',
      '{"channel":7}',
      '{"method":null}',
    ]),
  rng => `{"channel":"trade","type":"update","data":${rng.pick(['[]', '{}', 'null', '[null]', '[[]]', '"x"'])}}`,
  (_, now) => wrap('trade', 'upside-down', trade(now)),
  (rng, now) =>
    `{"__proto__":{"polluted":true},"channel":"trade","type":"update","data":[{"__proto__":{"price":1},"symbol":"${symbol}","qty":${rng.int(9)},"timestamp":${stamp(now)}}]}`,
  rng => `${'{"a":'.repeat(200 + rng.int(50))}1${'}'.repeat(200)}`,
  rng => '['.repeat(1 + rng.int(20_000)),
]

/** Valid JSON most of the time, believable never. */
export function hostile(rng: Rng, now: number): string {
  return rng.pick(changes)(rng, now)
}

export const endless = `{"channel":"trade","data":"${'x'.repeat(1_000_000)}"}`
