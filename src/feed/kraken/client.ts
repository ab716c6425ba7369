/** ccxt's Kraken client, limited to public data. The feed sees every frame before ccxt does, and connects once at a time. */

import { OperatorError, type TimeMs, TransientError } from '../../core/index.js'
import { loadCcxt } from '../ccxt.js'
import { resultOf } from './answers.js'
import { assertPublicMessage, assertPublicRequest, assertPublicSocket } from './guard.js'

export type Channel = 'trade' | 'ticker' | 'ohlc'

/** A pair as loadMarkets lists it. */
export interface KrakenMarket {
  readonly id: string
  readonly symbol: string
  readonly active?: boolean
  /** The entry of AssetPairs as Kraken wrote it. */
  readonly info?: Readonly<Record<string, unknown>> & { readonly altname?: string; readonly wsname?: string }
}

/** The parts of ccxt that are used. */
interface CcxtSocket {
  subscriptions: Record<string, unknown>
  connection?: { terminate?(): void }
  error?: unknown
  onMessage(event: { data: unknown }): void
  send(message: unknown): Promise<unknown>
  reset(error: Error): void
}
interface CcxtKraken {
  markets?: Record<string, KrakenMarket>
  clients: Record<string, CcxtSocket>
  options: Record<string, unknown>
  timeout: number
  marketsLoading: unknown
  loadMarkets(reload?: boolean): Promise<Record<string, KrakenMarket>>
  fetchMarkets(params?: object): Promise<KrakenMarket[]>
  loadHttpProxyAgent(): Promise<unknown>
  watchTrades(symbol: string): Promise<unknown>
  watchTicker(symbol: string, params?: object): Promise<unknown>
  watchOHLCV(symbol: string, timeframe: string): Promise<unknown>
  publicGetOHLC(params: object): Promise<unknown>
  publicGetTrades(params: object): Promise<unknown>
  publicGetAssetPairs(params: object): Promise<unknown>
  publicGetTime(params: object): Promise<unknown>
  publicGetSystemStatus(params: object): Promise<unknown>
  fetch(url: string, method?: string, headers?: unknown, body?: unknown): Promise<unknown>
  sign(path: string, api?: string, ...rest: unknown[]): unknown
  client(url: string): CcxtSocket
}
interface CcxtModule {
  readonly pro: { readonly kraken: new (options: object) => CcxtKraken }
  readonly NetworkError: new (...args: never[]) => Error
  readonly RequestTimeout: new (...args: never[]) => Error
}

export interface KrakenEndpoints {
  /** Kraken's own where undefined. */
  readonly restUrl?: string | undefined
  readonly wsUrl?: string | undefined
}

/** The endpoints named by `KRAKEN_REST_URL` and `KRAKEN_WS_URL`. Throws an OperatorError where one is not an address. */
export function krakenEndpoints(env: Readonly<Record<string, string | undefined>>): KrakenEndpoints {
  const endpoints = { restUrl: env.KRAKEN_REST_URL || undefined, wsUrl: env.KRAKEN_WS_URL || undefined }
  resolveEndpoints(endpoints)
  return endpoints
}

const nowhere = 'http://private-endpoints-are-never-called.invalid'
/** An answer that takes longer is none. */
const longestAnswerMs = 60_000
/** ccxt's names of Kraken's candle intervals, by minutes. */
const timeframes: Readonly<Record<number, string>> = {
  1: '1m',
  5: '5m',
  15: '15m',
  30: '30m',
  60: '1h',
  240: '4h',
  1440: '1d',
}

export class KrakenClient {
  /** Called with every frame, as text, before ccxt; false withholds the frame from ccxt. */
  onFrame: (raw: string) => boolean = () => true
  /** Where it asks, for a person: without a password. */
  readonly restAddress: string
  readonly socketAddress: string
  /** Every pair ever listed, by id: a shorter list takes no subscription away. */
  private readonly known = new Map<string, KrakenMarket>()
  private listed: readonly KrakenMarket[] = []

  private constructor(
    private readonly ccxt: CcxtModule,
    private readonly exchange: CcxtKraken,
    restUrl: string,
    private readonly wsUrl: string,
  ) {
    this.restAddress = withoutPassword(restUrl)
    this.socketAddress = withoutPassword(wsUrl)
  }

  /** Loads ccxt and makes a client without credentials. Throws an OperatorError where ccxt is not installed or an address is invalid. */
  static async open(endpoints: KrakenEndpoints, timeoutMs: number): Promise<KrakenClient> {
    const { rest, ws } = resolveEndpoints(endpoints)
    const ccxt = await loadCcxt<CcxtModule>('A live Kraken feed')
    const exchange = new ccxt.pro.kraken({
      enableRateLimit: false,
      timeout: timeoutMs,
      urls: { api: { public: rest, private: nowhere, ws: { public: ws, publicV2: ws, private: nowhere, privateV2: nowhere } } },
      // The feed does the back-off of connecting itself; ccxt's caches are not read.
      options: { ws: { backoff: { base: 0 } }, tradesLimit: 10, OHLCVLimit: 10 },
    })
    const client = new KrakenClient(ccxt, exchange, rest, ws)
    client.guard()
    await exchange.loadHttpProxyAgent()
    return client
  }

  /** Every pair that Kraken lists now. Throws where the answer lists none. A failed load is cached by ccxt for ever, so it is forgotten. */
  async markets(): Promise<readonly KrakenMarket[]> {
    const { exchange } = this
    try {
      await exchange.loadMarkets(true)
      return this.listed
    } catch (error) {
      exchange.marketsLoading = undefined
      throw error
    }
  }

  /** What AssetPairs says of one pair, by id: a small question, where the whole list is megabytes. Throws where Kraken does not list it. */
  async assetPair(name: string): Promise<Readonly<Record<string, unknown>>> {
    return resultOf('AssetPairs', await this.exchange.publicGetAssetPairs({ pair: name }))
  }

  /** Kraken's clock, in whole seconds. */
  async time(): Promise<TimeMs> {
    return Number(resultOf('Time', await this.exchange.publicGetTime({})).unixtime) * 1_000
  }

  /** `online`, `maintenance`, `cancel_only`, `post_only` or what else Kraken says. */
  async systemStatus(): Promise<string> {
    return String(resultOf('SystemStatus', await this.exchange.publicGetSystemStatus({})).status)
  }

  /** Subscribes where that has not been done, and resolves with the next frame; rejects when the connection ends. */
  watch(channel: Channel, symbol: string, interval?: number): Promise<unknown> {
    if (channel === 'trade') return this.exchange.watchTrades(symbol)
    if (channel === 'ticker') return this.exchange.watchTicker(symbol, { event_trigger: 'bbo' })
    return this.exchange.watchOHLCV(symbol, timeframes[interval ?? 1] ?? '1m')
  }

  /** Forgets a subscription that was never answered, so that `watch` sends it again. */
  forget(channel: Channel, symbol: string): void {
    const subscriptions = this.exchange.clients?.[this.wsUrl]?.subscriptions ?? {}
    delete subscriptions[`${channel === 'ohlc' ? 'ohlcv' : channel}@${symbol}`]
  }

  /** The answer to a question about a pair. Throws where it holds no rows of it. */
  async get(method: 'OHLC' | 'Trades', params: Readonly<Record<string, string | number>>): Promise<unknown> {
    const { exchange } = this
    const answer = await (method === 'OHLC' ? exchange.publicGetOHLC(params) : exchange.publicGetTrades(params))
    resultOf(method, answer, String(params.pair))
    return answer
  }

  /** True for failures that another try may not meet: the network, time-outs, rate limits, answers that are none. */
  isTransient(error: unknown): boolean {
    if (error instanceof this.ccxt.NetworkError || error instanceof TransientError) return true
    return /EService:(Timeout|Unavailable|Busy|Market in)|EAPI:Rate limit/.test(String(error))
  }

  /** Ends the connection at once, without waiting for a peer that may be silent. */
  drop(): void {
    for (const [url, socket] of Object.entries(this.exchange.clients ?? {})) {
      delete this.exchange.clients[url]
      const error = new Error('connection dropped by the feed')
      socket.error = error
      socket.reset(error)
      socket.connection?.terminate?.()
    }
  }

  private guard(): void {
    const exchange = this.exchange
    const { fetch, sign, client, fetchMarkets, publicGetAssetPairs } = exchange
    exchange.publicGetAssetPairs = async params => {
      const answer = await publicGetAssetPairs.call(exchange, params)
      resultOf('AssetPairs', answer)
      return answer
    }
    exchange.fetchMarkets = async params => this.remember(await fetchMarkets.call(exchange, params))
    exchange.fetch = async (url, method = 'GET', headers, body) => {
      assertPublicRequest(url, method, headers)
      try {
        return await fetch.call(exchange, url, method, headers, body)
      } catch (error) {
        if (error instanceof this.ccxt.RequestTimeout) this.allowMoreTime()
        throw error
      }
    }
    exchange.sign = (path, api = 'public', ...rest) => {
      assertPublicRequest(`/0/${api}/${path}`, String(rest[0] ?? 'GET'))
      return sign.call(exchange, path, api, ...rest)
    }
    exchange.client = url => {
      assertPublicSocket(url, this.wsUrl)
      const existed = exchange.clients?.[url] !== undefined
      const socket = client.call(exchange, url)
      if (!existed) this.hook(socket)
      return socket
    }
  }

  /** An exchange that is slow answers in time one day: the next answer may take twice as long. */
  private allowMoreTime(): void {
    this.exchange.timeout = Math.min(longestAnswerMs, this.exchange.timeout * 2)
  }

  private remember(listed: KrakenMarket[]): KrakenMarket[] {
    this.listed = listed
    for (const market of listed) this.known.set(market.id, market)
    return [...this.known.values()]
  }

  private hook(socket: CcxtSocket): void {
    const { onMessage, send } = socket
    socket.onMessage = event => {
      const raw = typeof event.data === 'string' ? event.data : String(event.data)
      if (this.onFrame(raw)) onMessage.call(socket, event)
    }
    socket.send = async message => {
      assertPublicMessage(typeof message === 'string' ? message : JSON.stringify(message))
      return send.call(socket, message)
    }
  }
}

function resolveEndpoints({ restUrl, wsUrl }: KrakenEndpoints): { rest: string; ws: string } {
  return {
    rest: httpUrl(restUrl ?? 'https://api.kraken.com', 'KRAKEN_REST_URL', /^https?:$/),
    ws: withV2(httpUrl(wsUrl ?? 'wss://ws.kraken.com/v2', 'KRAKEN_WS_URL', /^wss?:$/)),
  }
}

function httpUrl(text: string, name: string, protocol: RegExp): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && protocol.test(url.protocol)) return text.replace(/\/+$/, '')
  throw new OperatorError({
    what: name,
    expected: `an address with ${protocol.source.includes('ws') ? 'ws:// or wss://' : 'http:// or https://'}`,
    got: text,
  })
}

/** ccxt chooses its ping by the `v2` in the address. */
function withV2(url: string): string {
  return url.endsWith('/v2') ? url : `${url}/v2`
}

function withoutPassword(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}`
}
