/** A stand-in for Binance's public REST interface, for the real ccxt client: markets and candles, page by page. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Candle } from '../../src/market/index.js'

const timeframes: Readonly<Record<string, number>> = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 }

/** Candles by the exchange's own names of pairs: `BTCUSDT`. Every request is kept. */
export class ExchangeStandin {
  readonly requests: string[] = []
  /** Requests for candles that fail, and how. */
  private failing = { left: 0, after: 0, status: 503 }
  private readonly server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://standin')
    this.requests.push(`${request.method} ${url.pathname}${url.search}`)
    const { status, body } = this.answer(url)
    response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? 'busy' : JSON.stringify(body))
  })

  constructor(private readonly candles: Readonly<Record<string, readonly Candle[]>>) {}

  static async start(candles: Readonly<Record<string, readonly Candle[]>>): Promise<ExchangeStandin> {
    const standin = new ExchangeStandin(candles)
    await new Promise<void>(resolve => standin.server.listen(0, '127.0.0.1', resolve))
    return standin
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** The next `count` requests for candles fail, once `after` have been answered. */
  fail(count: number, status: number, after = 0): void {
    this.failing = { left: count, after, status }
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise(resolve => this.server.close(() => resolve()))
  }

  private answer(url: URL): { status: number; body: unknown } {
    if (url.pathname === '/api/v3/exchangeInfo')
      return { status: 200, body: { symbols: Object.keys(this.candles).map(symbolInfo) } }
    if (url.pathname !== '/api/v3/klines') return { status: 404, body: { code: -1, msg: 'not here' } }
    if (this.failing.after > 0) this.failing.after--
    else if (this.failing.left-- > 0) return { status: this.failing.status, body: undefined }
    return { status: 200, body: this.klines(url.searchParams) }
  }

  private klines(query: URLSearchParams): unknown[] {
    const since = Number(query.get('startTime') ?? 0)
    const limit = Math.min(1_000, Number(query.get('limit') ?? 500))
    const barMs = timeframes[query.get('interval') ?? '1h'] ?? 0
    const all = this.candles[query.get('symbol') ?? ''] ?? []
    return all
      .filter(candle => candle.time >= since)
      .slice(0, limit)
      .map(({ time, open, high, low, close, volume }) => {
        const numbers = [open, high, low, close, volume].map(String)
        return [time, ...numbers, time + barMs - 1, '0', 1, '0', '0', '0']
      })
  }
}

function symbolInfo(symbol: string): unknown {
  const quote = /(?:USDT|USDC|USD|EUR|BTC)$/.exec(symbol)?.[0] ?? 'USDT'
  return {
    symbol,
    status: 'TRADING',
    baseAsset: symbol.slice(0, -quote.length),
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    permissions: ['SPOT'],
    permissionSets: [['SPOT']],
    orderTypes: ['LIMIT'],
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
    ],
  }
}
