/** Nothing can send an order to an exchange: not under any configuration, and not by any line of the source. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { live } from '../../src/world/index.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { root } from './child-program.js'
import { scenario } from './live-scenario.js'

const credentials = {
  KRAKEN_API_KEY: 'key',
  KRAKEN_API_SECRET: 'c2VjcmV0',
  KRAKEN_APIKEY: 'key',
  KRAKEN_SECRET: 'c2VjcmV0',
  CCXT_KRAKEN_APIKEY: 'key',
  LIVE_TRADING: 'true',
}

const configurations = [
  { timeframe: '1s', params: {} },
  { timeframe: '1s', params: { fillOn: 'bars' }, extra: credentials },
  { timeframe: '1m', params: { capitalUsd: 1e9, sizeShare: 1, grossLimit: 1 }, extra: credentials },
  {
    timeframe: '5m',
    params: { minConfidence: 0, latencyMs: 0, forcedHypotheses: [] },
    pairs: ['XBTUSD', 'SOLUSD'],
    extra: { NODE_ENV: 'production', ...credentials },
  },
]

test.each(configurations)('only public market data is asked for: %o', async ({ timeframe, params, pairs, extra }) => {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-orders-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const kraken = await KrakenStandin.start()
  onTestFinished(() => kraken.stop())
  const stop = trading(kraken)
  onTestFinished(stop)
  const environment = {
    ...extra,
    KRAKEN_REST_URL: kraken.restUrl,
    KRAKEN_WS_URL: kraken.wsUrl,
    KRAKEN_REST_INTERVAL_MS: '5',
  }
  Object.assign(process.env, extra)
  onTestFinished(() => {
    for (const name of Object.keys(extra ?? {})) if (name !== 'NODE_ENV') delete process.env[name]
  })
  const dialled = watchSockets()
  await live({
    scenario,
    timeframe,
    params,
    pairs,
    environment,
    forMs: 2_500,
    out: join(folder, 'run'),
    overrides: { moats: undefined },
  })
  // Whatever code asked for it, no socket went anywhere else than to the exchange, and to where a memory may be on this machine.
  expect([...dialled].sort()).toEqual([`127.0.0.1:${new URL(kraken.restUrl).port}`, '127.0.0.1:8000'].sort())
  expect(kraken.requests.length).toBeGreaterThan(2)
  expect(
    kraken.requests.filter(r => !/^GET \/0\/public\/(Time|SystemStatus|Assets|AssetPairs|Ticker|OHLC|Trades)\b/.test(r)),
  ).toEqual([])
  expect(kraken.messages.length).toBeGreaterThan(2)
  for (const text of kraken.messages) {
    const { method, params: asked } = JSON.parse(text) as { method: string; params?: { channel?: string; token?: string } }
    expect(['subscribe', 'unsubscribe', 'ping']).toContain(method)
    if (method !== 'ping') expect(['trade', 'ticker', 'ohlc']).toContain(asked?.channel)
    expect(asked?.token).toBeUndefined()
  }
})

test('no line of the source names an order of an exchange, or its credentials', () => {
  const names =
    /\b(createOrder|editOrder|cancelOrder\w+|AddOrder|EditOrder|CancelOrder|add_order|privatePost\w*|privateGet\w*|apiKey|fetchBalance|withdraw)\b|\bsecret:/
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const found = files.filter(file => names.test(readFileSync(join(root, 'src', file), 'utf8')))
  expect(found).toEqual([])
})

/** Every host and port this process dials until the test is over, by name where it was named. */
function watchSockets(): Set<string> {
  const dialled = new Set<string>()
  const connect = Socket.prototype.connect
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [first] = args.flat() as [{ host?: string; port?: number | string; path?: string } | number | string]
    if (typeof first === 'object') dialled.add(first.path ?? `${first.host ?? 'localhost'}:${first.port}`)
    else dialled.add(String(args.flat().slice(0, 2).reverse().join(':')))
    return (connect as (...given: unknown[]) => Socket).apply(this, args)
  } as typeof connect
  onTestFinished(() => {
    Socket.prototype.connect = connect
  })
  return dialled
}

/** Somebody trades, so that there is something to decide about. */
function trading(kraken: KrakenStandin): () => void {
  let price = 100
  const timer = setInterval(() => {
    price *= 1 + Math.sin(price) / 500
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, price, 1)
  }, 100)
  return () => clearInterval(timer)
}
