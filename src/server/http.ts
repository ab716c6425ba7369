/**
 * The one HTTP server of the house, with the checks that every route shares. A request must name this machine (against DNS rebinding)
 * or carry the token, which no page of elsewhere knows, come from no foreign page, carry the token where one is set, and ask by GET for a path
 * that is served, or by POST for one that takes JSON.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { OperatorError } from '../core/index.js'
import {
  bearerOf,
  bracketed,
  checkPlace,
  foreignHost,
  foreignPage,
  isFollowedLink,
  isFromElsewhere,
  isOwnHost,
  isToken,
  loopback,
  namesOf,
  tokenInUrl,
  urlOf,
} from './access.js'
import { serverLimits } from './limits.js'
import { bodyOf, jsonIn } from './request-body.js'
import { sentenceOf } from './sentence.js'
import type { StaticFile } from './static-files.js'

/** What a route answers. */
export interface HttpAnswer {
  readonly status?: number
  readonly type: string
  readonly body: string
}

/** What a route is handed beside query or body. */
export interface HttpContext {
  /** What stands in the place of the `*` at the end of its path; empty where it has none. */
  readonly name: string
  /** Aborted where whoever asks has gone before the answer. */
  readonly gone: AbortSignal
}

export type HttpRoute = (query: URLSearchParams, context: HttpContext) => HttpAnswer | Promise<HttpAnswer>

/** A path that takes one JSON value by POST. */
export interface PostRoute {
  /** Bytes of a body at most; a longer one is refused. */
  readonly bodyBytes: number
  readonly take: (body: unknown, context: HttpContext) => HttpAnswer | Promise<HttpAnswer>
}

/** Connections that become sockets: a page's own by its origin, a program's by a token in its header. */
export interface Upgrades {
  /** Tokens of which a program must carry one. */
  readonly tokens: readonly (string | undefined)[]
  /** Why this one is refused; undefined: it is not. */
  refusal(url: URL): Refusal | undefined
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void
  /** Open ones at most, besides the other connections. */
  readonly most: number
}

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 503
  readonly why?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpOptions {
  readonly port: number
  /** The option that names the port, for errors. */
  readonly option: string
  /** The address to listen on; default: the loopback. Another one needs a token. */
  readonly listen?: string | undefined
  /** What every request for data must carry; undefined: nothing, on the loopback alone. */
  readonly token?: string | undefined
  /** The variable of the environment that names it, for errors; default: MYCELIA_API_TOKEN. */
  readonly tokenName?: string | undefined
  /** What is read by GET, by path: an exact one, or one that ends in `/*` and takes any last segment. */
  readonly routes: Readonly<Record<string, HttpRoute>>
  /** What is taken by POST, by path in the same way. */
  readonly posts?: Readonly<Record<string, PostRoute>> | undefined
  /** A page by exact path; it holds no data, so it needs no token. */
  readonly files?: ReadonlyMap<string, StaticFile>
  readonly upgrades?: Upgrades
  /** Connections at once, besides those that become sockets; default: the limit of all servers. */
  readonly connections?: number
}

export interface HttpServer {
  /** `http://127.0.0.1:9464`. */
  readonly url: string
  /** Requests by what became of them. */
  readonly counters: Readonly<Record<Outcome, number>>
  close(): Promise<void>
}

type Outcome = 'served' | 'foreign' | 'unauthorized' | 'notFound' | 'notAllowed' | 'failed' | 'malformed' | 'tooLarge' | 'full'

const outcomes: Readonly<Record<Refusal['status'], Outcome>> = {
  400: 'malformed',
  401: 'unauthorized',
  403: 'foreign',
  404: 'notFound',
  405: 'notAllowed',
  413: 'tooLarge',
  503: 'full',
}

/** Headers of every answer: nothing may be framed, run, guessed, kept or read by another site. */
const headers = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** A page runs what this server serves, and draws pictures it made itself. */
const pageHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
} as const

/** Serves. Throws an `OperatorError` where the port is taken, or an address beyond the loopback has no token. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { port, option, listen = loopback, token, tokenName } = options
  checkPlace(listen, token, tokenName)
  const desk = new Desk(options, namesOf(listen))
  const most = (options.connections ?? serverLimits.connections) + (options.upgrades?.most ?? 0)
  const server = await listening(port, listen, option, most, desk)
  return {
    url: `http://${bracketed(listen)}:${(server.address() as AddressInfo).port}`,
    counters: desk.counters,
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

/** An answer as JSON. */
export function json(value: unknown, status = 200): HttpAnswer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` }
}

/** Answers what a server is asked. */
class Desk {
  readonly counters: Record<Outcome, number> = {
    served: 0,
    foreign: 0,
    unauthorized: 0,
    notFound: 0,
    notAllowed: 0,
    failed: 0,
    malformed: 0,
    tooLarge: 0,
    full: 0,
  }

  constructor(
    private readonly options: HttpOptions,
    private readonly names: readonly string[],
  ) {}

  get takesUpgrades(): boolean {
    return this.options.upgrades !== undefined
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request)
    const file = url === undefined ? undefined : this.options.files?.get(url.pathname)
    const refusal = this.refusal(request, url, file)
    if (refusal !== undefined) return this.refuse(request, response, refusal)
    if (file !== undefined) return this.sendFile(request, response, file)
    if (url === undefined) return
    if (request.method === 'POST') await this.takePost(request, response, url)
    else await this.read(response, url)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const url = urlOf(request)
    const refusal = this.upgradeRefusal(request, url)
    if (refusal !== undefined || url === undefined) return this.refuseUpgrade(socket, refusal ?? { status: 404 })
    this.counters.served++
    this.options.upgrades?.accept(request, socket, head, url)
  }

  private refusal(request: IncomingMessage, url: URL | undefined, file: StaticFile | undefined): Refusal | undefined {
    const { token } = this.options
    const isForeign = isFromElsewhere(request) && !(file !== undefined && isFollowedLink(request))
    if (isForeign) return { status: 403, why: foreignPage }
    const hasToken = isToken(bearerOf(request), token)
    if (!hasToken && !isOwnHost(request, this.names)) return { status: 403, why: foreignHost }
    if (url?.searchParams.has('token')) return { status: 400, why: tokenInUrl }
    const mayRead = file !== undefined || token === undefined || hasToken
    if (!mayRead) return { status: 401, headers: { 'www-authenticate': 'Bearer' } }
    const methods = url === undefined ? [] : file !== undefined ? ['GET'] : this.methodsAt(url)
    if (methods.length === 0) return { status: 404 }
    return methods.includes(request.method ?? '') ? undefined : { status: 405, headers: { allow: methods.join(', ') } }
  }

  private methodsAt(url: URL): string[] {
    const { routes, posts = {} } = this.options
    return [...(found(routes, url) === undefined ? [] : ['GET']), ...(found(posts, url) === undefined ? [] : ['POST'])]
  }

  private upgradeRefusal(request: IncomingMessage, url: URL | undefined): Refusal | undefined {
    const { upgrades } = this.options
    if (isFromElsewhere(request)) return { status: 403, why: foreignPage }
    const hasToken = upgrades?.tokens.some(token => isToken(bearerOf(request), token)) === true
    if (!hasToken && !isOwnHost(request, this.names)) return { status: 403, why: foreignHost }
    const isPage = request.headers.origin !== undefined
    if (!hasToken && !isPage) return { status: 403, why: 'A program must carry the right token.' }
    if (url?.searchParams.has('token')) return { status: 400, why: tokenInUrl }
    return url === undefined ? { status: 404 } : upgrades?.refusal(url)
  }

  private refuseUpgrade(socket: Duplex, refusal: Refusal): void {
    this.counters[outcomes[refusal.status]]++
    const { status, why = '' } = refusal
    const all = { ...refusalHeaders(refusal), connection: 'close', 'content-length': String(Buffer.byteLength(why)) }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${why}`, () => socket.destroy())
  }

  private sendFile(request: IncomingMessage, response: ServerResponse, { type, body, etag, caching }: StaticFile): void {
    this.counters.served++
    const all = { ...headers, ...pageHeaders, etag, 'cache-control': caching }
    if (request.headers['if-none-match'] === etag) response.writeHead(304, all).end()
    else response.writeHead(200, { ...all, 'content-type': type, 'content-length': body.length }).end(body)
  }

  private refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    this.counters[outcomes[refusal.status]]++
    // What is still being sent is read and dropped, so that the refusal is heard.
    request.resume()
    response.writeHead(refusal.status, { ...refusalHeaders(refusal), connection: 'close' }).end(refusal.why)
  }

  private async read(response: ServerResponse, url: URL): Promise<void> {
    const { at, name } = found(this.options.routes, url) as Found<HttpRoute>
    await this.sendAnswer(response, () => at(url.searchParams, new Asking(name, response)))
  }

  private async takePost(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { at, name } = found(this.options.posts ?? {}, url) as Found<PostRoute>
    const bytes = await bodyOf(request, at.bodyBytes)
    if (bytes === undefined)
      return this.refuse(request, response, { status: 413, why: `A body has at most ${at.bodyBytes} bytes.` })
    const body = jsonIn(bytes)
    if (body === undefined) return this.refuse(request, response, { status: 400, why: 'The body is not JSON.' })
    await this.sendAnswer(response, () => at.take(body, new Asking(name, response)))
  }

  private async sendAnswer(response: ServerResponse, answer: () => HttpAnswer | Promise<HttpAnswer>): Promise<void> {
    const { status = 200, type, body } = await answerOf(answer)
    this.counters[status < 500 ? 'served' : 'failed']++
    response.writeHead(status, { ...headers, 'content-type': type }).end(body)
  }
}

/** The context of one request; most routes never look whether whoever asks is still there. */
class Asking implements HttpContext {
  private leaving: AbortController | undefined

  constructor(
    readonly name: string,
    private readonly response: ServerResponse,
  ) {}

  get gone(): AbortSignal {
    if (this.leaving === undefined) {
      const leaving = new AbortController()
      this.leaving = leaving
      if (this.response.destroyed) leaving.abort()
      this.response.once('close', () => this.response.writableFinished || leaving.abort())
    }
    return this.leaving.signal
  }
}

interface Found<R> {
  readonly at: R
  readonly name: string
}

/** What stands at a path: its own route, or the one that takes any last segment. */
function found<R>(routes: Readonly<Record<string, R>>, { pathname }: URL): Found<R> | undefined {
  const own = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined
  if (own !== undefined) return { at: own, name: '' }
  const [, folder = '', last = ''] = /^(.*\/)([^/]+)$/.exec(pathname) ?? []
  const name = decoded(last)
  const any = Object.hasOwn(routes, `${folder}*`) ? routes[`${folder}*`] : undefined
  return any === undefined || name === undefined ? undefined : { at: any, name }
}

/** A segment of a path as text; undefined where it is none. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment) || undefined
  } catch {
    return undefined
  }
}

function refusalHeaders({ why, headers: more }: Refusal): Record<string, string> {
  return { ...headers, ...(why === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' }), ...more }
}

async function answerOf(answer: () => HttpAnswer | Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await answer()
  } catch (error) {
    return json({ error: sentenceOf(error) }, error instanceof OperatorError ? 400 : 500)
  }
}

function listening(port: number, listen: string, option: string, most: number, desk: Desk): Promise<Server> {
  const { headerBytes, requestMs, checkMs, idleMs } = serverLimits
  const server = createServer(
    {
      maxHeaderSize: headerBytes,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      keepAliveTimeout: requestMs,
      connectionsCheckingInterval: checkMs,
    },
    (request, response) => {
      desk.answer(request, response).catch(() => response.destroy())
    },
  )
  if (desk.takesUpgrades) server.on('upgrade', (request, socket, head) => desk.upgrade(request, socket, head))
  server.maxConnections = most
  server.setTimeout(idleMs)
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(cannotListen(port, listen, option, error)))
    server.listen(port, listen, () => resolve(server))
  })
}

function cannotListen(port: number, listen: string, option: string, cause: Error): OperatorError {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new OperatorError({ what: `\`listen\` ${listen}`, expected: 'an address of this machine', got: code }, { cause })
  const next = 'Name another one, or 0 for any.'
  return new OperatorError({ what: `\`${option}\` ${port}`, expected: 'a free port', got: code, next }, { cause })
}
