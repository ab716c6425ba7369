/** The public candles of any exchange that ccxt knows. No key is ever given, and only GET requests leave. */

import { BrokenInvariant, type Explanation, OperatorError, type TimeMs, unknownName } from '../../core/index.js'
import { loadCcxt } from '../ccxt.js'

/** A market as ccxt lists it. */
export interface ExchangeMarket {
  /** ccxt's name of it: `BTC/USDT`. */
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly spot?: boolean
  readonly active?: boolean
}

/** The parts of ccxt that are used. */
interface CcxtExchange {
  readonly name: string
  readonly has: Record<string, unknown>
  readonly timeframes?: Record<string, unknown>
  readonly options: Record<string, unknown>
  loadMarkets(): Promise<Record<string, ExchangeMarket>>
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit: number): Promise<readonly (readonly unknown[])[]>
  featureValue(symbol: string, method: string, feature: string, otherwise: number): unknown
  fetch(url: string, method?: string, headers?: unknown, body?: unknown): Promise<unknown>
}
interface CcxtModule {
  readonly exchanges: readonly string[]
  readonly NetworkError: new (...args: never[]) => Error
  readonly RateLimitExceeded: new (...args: never[]) => Error
  readonly DDoSProtection: new (...args: never[]) => Error
  readonly BaseError: new (...args: never[]) => Error
  readonly [exchange: string]: unknown
}

/** Candles a request asks for where the exchange does not say how many it gives. */
const usualLimit = 500

/** One exchange, without credentials. */
export class ExchangeClient {
  private constructor(
    private readonly ccxt: CcxtModule,
    private readonly exchange: CcxtExchange,
    /** As ccxt writes it: `binance`. */
    readonly id: string,
  ) {}

  /** Throws an `OperatorError` for an unknown exchange, or one without candles. `restUrl` replaces the exchange's own addresses. */
  static async open(id: string, restUrl?: string): Promise<ExchangeClient> {
    const ccxt = await loadCcxt<CcxtModule>(`Fetching from ${id}`)
    if (!ccxt.exchanges.includes(id)) throw unknownName('exchange', id, ccxt.exchanges)
    const Exchange = ccxt[id] as new (options: object) => CcxtExchange
    const exchange = new Exchange({ enableRateLimit: true, timeout: 20_000 })
    if (exchange.has.fetchOHLCV !== true) throw new OperatorError({ what: `${exchange.name} offers no candles` })
    onlySpot(exchange)
    onlyPublic(exchange, restUrl)
    return new ExchangeClient(ccxt, exchange, id)
  }

  /** The exchange's own name: `Binance`. */
  get name(): string {
    return this.exchange.name
  }

  /** Spot markets that are open. */
  async markets(): Promise<readonly ExchangeMarket[]> {
    const all = Object.values(await this.exchange.loadMarkets())
    return all.filter(market => market.spot !== false && market.active !== false)
  }

  /** Throws an `OperatorError` where the exchange has no candles of this timeframe. */
  checkTimeframe(timeframe: string): void {
    const offered = Object.keys(this.exchange.timeframes ?? {})
    if (offered.includes(timeframe)) return
    const expected = `one that ${this.name} offers: ${offered.join(', ')}`
    throw new OperatorError({ what: '`timeframe`', expected, got: timeframe })
  }

  /** Candles one request brings. */
  pageOf(symbol: string): number {
    const limit = Number(this.exchange.featureValue(symbol, 'fetchOHLCV', 'limit', usualLimit))
    return Number.isSafeInteger(limit) && limit > 0 ? limit : usualLimit
  }

  /** Rows `[time, open, high, low, close, volume]` from an instant on. */
  candles(symbol: string, timeframe: string, since: TimeMs, limit: number): Promise<readonly (readonly unknown[])[]> {
    return this.exchange.fetchOHLCV(symbol, timeframe, since, limit)
  }

  /** True for failures that another try may not meet: the network, time-outs, rate limits. */
  isTransient(error: unknown): boolean {
    return error instanceof this.ccxt.NetworkError
  }

  /** True where the exchange was asked too often. */
  isRateLimit(error: unknown): boolean {
    return error instanceof this.ccxt.RateLimitExceeded || error instanceof this.ccxt.DDoSProtection
  }

  /** What the exchange said where it refused a request; undefined for errors that are not its own. */
  refusal(error: unknown): Explanation | undefined {
    if (!(error instanceof this.ccxt.BaseError)) return undefined
    return { what: `${this.name} refused a request`, got: error.message.slice(0, 200) }
  }
}

/** Exchanges list futures and options by further requests, which spot candles do not need. */
function onlySpot({ options, has }: CcxtExchange): void {
  has.fetchCurrencies = false
  const listing = options.fetchMarkets as { types?: unknown } | undefined
  if (Array.isArray(listing?.types) && listing.types.includes('spot')) listing.types = ['spot']
}

/** Every request passes here: only GET, and nothing that an account would need. */
function onlyPublic(exchange: CcxtExchange, restUrl: string | undefined): void {
  const { fetch } = exchange
  exchange.fetch = (url, method = 'GET', headers, body) => {
    const secret = Object.keys(headers ?? {}).some(name => /api-?key|sign|passphrase|authorization/i.test(name))
    if (method !== 'GET' || secret)
      throw new BrokenInvariant(`only public data may be asked of an exchange, not ${method} ${url}`)
    return fetch.call(
      exchange,
      restUrl === undefined ? url : restUrl + url.replace(/^https?:\/\/[^/]+/, ''),
      method,
      headers,
      body,
    )
  }
}
