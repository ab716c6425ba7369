/** A Kraken of our own on the loopback: REST and WebSocket v2 from one rolling window, well-behaved until told otherwise. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Candle } from '../../../src/market/index.js'
import {
  acknowledgement,
  candleFrame,
  heartbeatFrame,
  pongFrame,
  refusal,
  statusFrame,
  tickerFrame,
  tradeFrame,
} from './frames.js'
import { type StandinPair, standinPairs } from './markets.js'
import { answer } from './rest.js'
import { Tape, type TapeTrade } from './tape.js'
import { answerInTrouble, refuseInTrouble, type Trouble } from './trouble.js'

export interface StandinOptions {
  readonly pairs?: readonly StandinPair[]
  /** The exchange's clock; stamps every frame. */
  readonly now?: () => number
  readonly heartbeatMs?: number
  /** Sends trades some milliseconds after they were made. */
  readonly tape?: Tape
}

interface Client {
  readonly socket: WebSocket
  /** `trade BTC/USD`, `ohlc BTC/USD`. */
  readonly subscriptions: Map<string, number>
}

export class KrakenStandin {
  readonly tape: Tape
  readonly pairs: readonly StandinPair[]
  readonly now: () => number
  /** Every path asked for and message received, newest last. */
  readonly requests: string[] = []
  readonly messages: string[] = []
  /** Sockets opened so far, and upgrades refused. */
  /** Frames sent so far, to all connections. */
  sent = 0
  connections = 0
  upgradesRefused = 0
  restUrl = ''
  wsUrl = ''

  private readonly clients = new Set<Client>()
  private readonly server = createServer((request, response) => this.rest(request, response))
  private readonly sockets = new WebSocketServer({ noServer: true })
  private readonly refusedSymbols = new Set<string>()
  private readonly toSkip = new Map<string, number>()
  private restFailures: { left: number; status: number; error?: string } = { left: 0, status: 200 }
  private upgradeStatus: number | undefined
  private trouble: { readonly kind: Trouble; readonly methods: RegExp } | undefined
  private readonly hidden = new Set<string>()
  private readonly rules = new Map<string, Record<string, unknown>>()
  private slowMs = 0
  private stalled = false
  private heartbeat: NodeJS.Timeout | undefined

  private constructor(options: StandinOptions) {
    this.pairs = options.pairs ?? standinPairs()
    this.now = options.now ?? Date.now
    this.tape = options.tape ?? new Tape()
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
    this.heartbeat = setInterval(() => this.everyone(heartbeatFrame), options.heartbeatMs ?? 1000)
  }

  static async start(options: StandinOptions = {}): Promise<KrakenStandin> {
    const standin = new KrakenStandin(options)
    await new Promise<void>(resolve => standin.server.listen(0, '127.0.0.1', resolve))
    const { port } = standin.server.address() as AddressInfo
    standin.restUrl = `http://127.0.0.1:${port}`
    standin.wsUrl = `ws://127.0.0.1:${port}/v2`
    return standin
  }

  get endpoints() {
    return { restUrl: this.restUrl, wsUrl: this.wsUrl }
  }

  symbolOf(pair: string): string | undefined {
    return this.pairs.find(p => p.pair === pair)?.symbol
  }

  /** A trade happens now (or at `time`): it goes to the rolling window, and as frames to everybody who listens. */
  trade(symbol: string, price: number, volume: number, time = this.now()): TapeTrade {
    const decimals = this.pairs.find(p => p.symbol === symbol)?.decimals ?? 8
    price = Math.max(10 ** -decimals, Number(price.toFixed(decimals)))
    volume = Math.max(1e-8, Number(volume.toFixed(8)))
    const trade = this.tape.add(symbol, time, price, volume, price > (this.tape.last(symbol)?.price ?? 0) ? 'buy' : 'sell')
    const skip = this.toSkip.get(symbol) ?? 0
    if (skip > 0) this.toSkip.set(symbol, skip - 1)
    else this.send(`trade ${symbol}`, () => tradeFrame('update', symbol, [trade]))
    this.send(`ticker ${symbol}`, () => tickerFrame('update', symbol, price, this.now()))
    this.send(`ohlc ${symbol}`, interval => this.candleNow(symbol, interval, time))
    return trade
  }

  /** Kraken changes its mind about a candle. */
  revise(symbol: string, interval: number, candle: Candle): void {
    this.tape.write(symbol, interval * 60_000, [candle])
    this.send(`ohlc ${symbol}`, () => candleFrame('update', symbol, interval, [candle]))
  }

  /** Any text, as a frame to everybody. */
  everyone(text: string): void {
    if (this.stalled) return
    for (const { socket } of this.clients) if (socket.readyState === socket.OPEN) socket.send(text)
  }

  /** A text frame that is no UTF-8: a protocol violation, for which the client must close. */
  brokenText(): void {
    for (const { socket } of this.clients) socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false })
  }

  /** Closes every socket: with a close code, or (1006) without a word. */
  drop(code = 1006): void {
    for (const { socket } of this.clients) {
      if (code === 1006) socket.terminate()
      else socket.close(code)
    }
    this.clients.clear()
  }

  /** Keeps sockets open and says nothing, not even pong. */
  stall(on = true): void {
    this.stalled = on
  }

  refuse(symbol: string): void {
    this.refusedSymbols.add(symbol)
  }

  permit(symbol: string): void {
    this.refusedSymbols.delete(symbol)
  }

  /** The next `count` trades of a symbol are on the rolling window but never sent: a gap. */
  skip(symbol: string, count: number): void {
    this.toSkip.set(symbol, count)
  }

  /** The next `count` REST requests fail, by status or by Kraken's error text. */
  failRest(count: number, status: number, error?: string): void {
    this.restFailures = { left: count, status, ...(error === undefined ? {} : { error }) }
  }

  /** Every attempt to open a socket gets this status; undefined opens the door again. */
  refuseSockets(status: number | undefined): void {
    this.upgradeStatus = status
  }

  /** It is away in this manner until told otherwise; with `methods`, for these REST methods alone. */
  away(kind: Trouble | undefined, methods?: RegExp): void {
    this.trouble = kind === undefined ? undefined : { kind, methods: methods ?? /./ }
    if (kind !== undefined && methods === undefined) this.drop()
  }

  /** Every REST answer takes so long, ms. */
  slow(ms: number): void {
    this.slowMs = ms
  }

  /** Lists these pairs no more; with none, all again. */
  hide(...pairs: readonly string[]): void {
    this.hidden.clear()
    for (const pair of pairs) this.hidden.add(pair)
  }

  /** Lists other rules for a pair: fields of its entry in AssetPairs. */
  list(pair: string, rules: Record<string, unknown>): void {
    this.rules.set(pair, rules)
  }

  async stop(): Promise<void> {
    clearInterval(this.heartbeat)
    for (const socket of this.sockets.clients) socket.terminate()
    this.server.closeAllConnections()
    await new Promise<void>(resolve => this.server.close(() => resolve()))
  }

  private get listed(): readonly StandinPair[] {
    return this.pairs.filter(({ pair }) => !this.hidden.has(pair))
  }

  private rest(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://standin')
    this.requests.push(`${request.method} ${url.pathname}${url.search}`)
    if (this.requests.length > 10_000) this.requests.shift()
    const asked = /^\/0\/public\/(\w+)$/.exec(url.pathname)?.[1] ?? ''
    const { trouble } = this
    if (trouble?.methods.test(asked)) return answerInTrouble(trouble.kind, request, response)
    if (this.slowMs > 0) setTimeout(() => this.answer(url, response), this.slowMs)
    else this.answer(url, response)
  }

  private answer(url: URL, response: ServerResponse): void {
    const fails = this.restFailures.left > 0
    if (fails) this.restFailures.left--
    const status = fails ? this.restFailures.status : 200
    const method = /^\/0\/public\/(\w+)$/.exec(url.pathname)?.[1] ?? ''
    const body =
      fails && this.restFailures.error !== undefined
        ? { error: [this.restFailures.error] }
        : answer({ pairs: this.listed, rules: this.rules, tape: this.tape, now: this.now }, method, url.searchParams)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(status === 200 ? JSON.stringify(body) : `<html>${status}</html>`)
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.trouble?.methods.test('socket')) {
      this.upgradesRefused++
      return refuseInTrouble(this.trouble.kind, socket)
    }
    if (this.upgradeStatus !== undefined) {
      this.upgradesRefused++
      socket.end(`HTTP/1.1 ${this.upgradeStatus} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.sockets.handleUpgrade(request, socket, head, ws => this.welcome(ws))
  }

  private welcome(socket: WebSocket): void {
    this.connections++
    this.countFrames(socket)
    const client: Client = { socket, subscriptions: new Map() }
    this.clients.add(client)
    socket.on('error', () => {})
    socket.on('close', () => this.clients.delete(client))
    socket.on('message', data => this.message(client, String(data)))
    if (!this.stalled) socket.send(statusFrame())
  }

  private countFrames(socket: WebSocket): void {
    const send = socket.send.bind(socket) as (...frame: unknown[]) => void
    socket.send = (...frame: unknown[]) => {
      this.sent++
      send(...frame)
    }
  }

  private message(client: Client, text: string): void {
    this.messages.push(text)
    if (this.messages.length > 10_000) this.messages.shift()
    if (this.stalled) return
    const message = JSON.parse(text) as {
      method: string
      req_id?: number
      params?: { channel: string; symbol: string[]; interval?: number }
    }
    if (message.method === 'ping') client.socket.send(pongFrame(message.req_id, this.now()))
    if (message.method !== 'subscribe' || message.params === undefined) return
    const { channel, symbol, interval } = message.params
    for (const s of symbol) this.subscribe(client, channel, s, interval ?? 1, message.req_id)
  }

  private subscribe(client: Client, channel: string, symbol: string, interval: number, requestId: unknown): void {
    const listed = this.listed.some(p => p.symbol === symbol)
    if (!listed || this.refusedSymbols.has(symbol)) return client.socket.send(refusal(symbol, requestId, this.now()))
    client.socket.send(acknowledgement(channel, symbol, requestId, this.now()))
    const snapshot = this.snapshot(channel, symbol, interval)
    if (snapshot !== undefined) client.socket.send(snapshot)
    client.subscriptions.set(`${channel} ${symbol}`, interval)
  }

  private snapshot(channel: string, symbol: string, interval: number): string | undefined {
    const last = this.tape.last(symbol)
    if (last === undefined) return undefined
    if (channel === 'trade') return tradeFrame('snapshot', symbol, this.tape.list(symbol).slice(-50))
    if (channel === 'ticker') return tickerFrame('snapshot', symbol, last.price, this.now())
    const candles = this.tape.candles(symbol, interval * 60_000, this.now(), 10)
    return candles.length === 0 ? undefined : candleFrame('snapshot', symbol, interval, candles)
  }

  private candleNow(symbol: string, interval: number, time: number): string {
    const intervalMs = interval * 60_000
    const candle = this.tape.candle(symbol, intervalMs, time - (time % intervalMs))
    return candleFrame('update', symbol, interval, candle === undefined ? [] : [candle])
  }

  private send(subscription: string, make: (interval: number) => string): void {
    if (this.stalled) return
    for (const { socket, subscriptions } of this.clients) {
      const interval = subscriptions.get(subscription)
      if (interval !== undefined && socket.readyState === socket.OPEN) socket.send(make(interval))
    }
  }
}
