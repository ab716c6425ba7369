/** Every service that a fetch of tokens asks, in one server of the loopback; it writes down what it was asked. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WallClock } from '../../src/feed/index.js'
import { curveAddress } from '../../src/feed/tokens/solana.js'

/** Two tokens: on the curve, and in a pool. */
export const CURVED = '7ytmC1nT1xY4RfxCV2ZgyA7UakC93do5ZdyhdF3EtPj7'
export const POOLED = 'HwRVBufQ4haG5XSgpspwKtNd3PC9GM9m1196uJW36vds'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly authorization: string | undefined
}

/** What it answers; a number is a status. */
export interface Answers {
  users: Record<string, unknown>
  /** SOL for a token. */
  price: number
  newsAt: number
  mood: string
  fails: Set<string>
}

export class TokenStandin {
  readonly asked: Asked[] = []
  readonly answers: Answers = { users: {}, price: 4e-8, newsAt: 0, mood: '0.9', fails: new Set() }

  private constructor(
    private readonly server: Server,
    readonly clock: WallClock & { at: number },
  ) {}

  static async start(at: number): Promise<TokenStandin> {
    const server = createServer()
    const standin = new TokenStandin(server, jumpingClock(at))
    server.on('request', async (request, response) => {
      const body = await textOf(request)
      const { method = '', url = '', headers } = request
      standin.asked.push({ method, path: url, body, authorization: headers.authorization })
      const answer = standin.answerTo(url, body)
      const isStatus = typeof answer === 'number'
      response.writeHead(isStatus ? answer : 200, { 'content-type': 'application/json' })
      response.end(isStatus ? '' : typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return standin
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get env(): Record<string, string> {
    const { url } = this
    return {
      MYCELIA_DEXSCREENER_URL: `${url}/dex`,
      MYCELIA_GECKOTERMINAL_URL: `${url}/gecko`,
      MYCELIA_SOLANA_URL: `${url}/solana`,
      MYCELIA_DEEPSEEK_URL: `${url}/deepseek`,
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }

  private answerTo(path: string, body: string): unknown {
    const [, service = '', ...rest] = path.split(/[/?]/)
    if (this.answers.fails.has(service)) return 503
    if (service === 'dex') return (rest[3] ?? '').split(',').flatMap(mint => this.pairsOf(mint))
    if (service === 'gecko') return { data: { attributes: { ohlcv_list: this.minutes() } } }
    if (service === 'solana') return this.account(body)
    if (service === 'rss') return this.rss()
    if (service === 'users') return this.answers.users[decodeURIComponent(rest[1] ?? '')] ?? 404
    if (service === 'social') return { mentions: 7, time: this.clock.at }
    if (service === 'deepseek') return { choices: [{ message: { content: this.answers.mood } }] }
    return 404
  }

  private pairsOf(mint: string): unknown[] {
    if (mint !== CURVED && mint !== POOLED) return []
    const { price } = this.answers
    const pair = {
      chainId: 'solana',
      dexId: mint === CURVED ? 'pumpfun' : 'pumpswap',
      pairAddress: `pool-${mint}`,
      baseToken: { address: mint, symbol: mint === CURVED ? 'WOOF' : 'MEOW' },
      quoteToken: { symbol: 'SOL' },
      priceNative: String(mint === CURVED ? price : price * 10),
      priceUsd: String((mint === CURVED ? price : price * 10) * 150),
      txns: { m5: { buys: 30, sells: 10 }, h1: { buys: 200, sells: 100 } },
      volume: { m5: 3_000, h1: 30_000 },
      pairCreatedAt: this.clock.at - 7_200_000,
    }
    // The same token against a dollar is not read, and neither is what is no pair.
    return [pair, { ...pair, quoteToken: { symbol: 'USDC' }, priceNative: '1' }, { chainId: 'solana' }]
  }

  private minutes(): number[][] {
    const { price } = this.answers
    const start = Math.floor(this.clock.at / 60_000) * 60
    return Array.from({ length: 60 }, (_, i) => [start - 60 * i, price, price, price, price * (1 + 0.001 * (i % 3)), 3.5])
  }

  private account(body: string): unknown {
    const { method, params } = JSON.parse(body) as { method: string; params: unknown[] }
    if (method !== 'getAccountInfo' || typeof params[0] !== 'string') return 400
    if (params[0] !== curveAddress(CURVED)) return { jsonrpc: '2.0', id: 1, result: { value: null } }
    const bytes = new Uint8Array(81)
    bytes.set([23, 183, 248, 55, 96, 216, 172, 96])
    const view = new DataView(bytes.buffer)
    const product = 30e9 * 1.073e15
    const unit = this.answers.price * 1_000
    const [tokens, lamports] = [Math.round(Math.sqrt(product / unit)), Math.round(Math.sqrt(product * unit))]
    for (const [i, value] of [tokens, lamports, tokens - 279_900_000_000_000, lamports - 30_000_000_000, 1e15].entries())
      view.setBigUint64(8 + 8 * i, BigInt(value), true)
    const owner = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P'
    return { jsonrpc: '2.0', id: 1, result: { value: { owner, data: [Buffer.from(bytes).toString('base64'), 'base64'] } } }
  }

  private rss(): string {
    const at = new Date(this.answers.newsAt).toUTCString()
    const item = (title: string) => `<item><title><![CDATA[${title}]]></title><pubDate>${at}</pubDate></item>`
    return `<?xml version="1.0"?><rss><channel>${item('$WOOF &amp; friends rise')}${item('MEOW is listed')}</channel></rss>`
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request) text += piece
  return text
}

/** A clock that jumps to whatever is waited for. */
function jumpingClock(at: number): WallClock & { at: number } {
  const clock = {
    at,
    now: () => clock.at,
    monotonic: () => clock.at,
    setTimer(delayMs: number, fire: () => void) {
      const handle = setImmediate(() => {
        clock.at += Math.max(0, delayMs)
        fire()
      })
      return () => clearImmediate(handle)
    },
  }
  return clock
}
