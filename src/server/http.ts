/**
 * The one HTTP server of the house: read-only, with the checks that every route shares. A request must name this machine (against DNS
 * rebinding), come from no foreign page, carry the token where one is set, and ask by GET for a path that is served.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OperatorError } from '../core/index.js'
import { serverLimits } from './limits.js'

/** What a route answers. */
export interface HttpAnswer {
  readonly status?: number
  readonly type: string
  readonly body: string
}

export type HttpRoute = (query: URLSearchParams) => HttpAnswer | Promise<HttpAnswer>

export interface HttpOptions {
  readonly port: number
  /** The option that names the port, for errors. */
  readonly option: string
  /** The address to listen on; default: the loopback. Another one needs a token. */
  readonly listen?: string | undefined
  /** What every request must carry; undefined: none, on the loopback alone. */
  readonly token?: string | undefined
  /** By exact path. */
  readonly routes: Readonly<Record<string, HttpRoute>>
}

export interface HttpServer {
  /** `http://127.0.0.1:9464`. */
  readonly url: string
  /** Requests by what became of them. */
  readonly counters: Readonly<Record<'served' | 'foreign' | 'unauthorized' | 'notFound' | 'notAllowed' | 'failed', number>>
  close(): Promise<void>
}

const loopback = '127.0.0.1'
const ownNames = ['127.0.0.1', 'localhost', '[::1]']

/** Headers of every answer: nothing may be framed, run, guessed, kept or read by another site. */
const headers = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** Serves. Throws an `OperatorError` where the port is taken, or an address beyond the loopback has no token. */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { port, option, listen = loopback, token, routes } = options
  if (!isLoopback(listen) && token === undefined) throw noToken(listen)
  const counters = { served: 0, foreign: 0, unauthorized: 0, notFound: 0, notAllowed: 0, failed: 0 }
  const names = isLoopback(listen) ? ownNames : [...ownNames, listen.includes(':') ? `[${listen}]` : listen]
  const server = await listening(port, listen, option, async (request, response) => {
    const refusal = refusalOf(request, names, token)
    if (refusal !== undefined) {
      counters[refusal === 401 ? 'unauthorized' : 'foreign']++
      return refuse(response, refusal, refusal === 401 ? { 'www-authenticate': 'Bearer' } : {})
    }
    const url = urlOf(request)
    const route = url !== undefined && Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined
    if (url === undefined || route === undefined) {
      counters.notFound++
      return refuse(response, 404)
    }
    if (request.method !== 'GET') {
      counters.notAllowed++
      return refuse(response, 405, { allow: 'GET' })
    }
    const { status = 200, type, body } = await answerOf(route, url.searchParams)
    counters[status < 500 ? 'served' : 'failed']++
    response.writeHead(status, { ...headers, 'content-type': type }).end(body)
  })
  const host = listen.includes(':') ? `[${listen}]` : listen
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    counters,
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

async function answerOf(route: HttpRoute, query: URLSearchParams): Promise<HttpAnswer> {
  try {
    return await route(query)
  } catch (error) {
    if (error instanceof OperatorError) return json({ error: error.message }, 400)
    // Why it failed may name paths, which are nobody's business but the operator's.
    return json({ error: 'This could not be read.' }, 500)
  }
}

/** Why a request is refused whatever it asks for; undefined: it is not. */
function refusalOf(
  { headers: given }: IncomingMessage,
  names: readonly string[],
  token: string | undefined,
): 401 | 403 | undefined {
  if (!names.includes(hostOf(given.host))) return 403
  const { origin } = given
  if (origin !== undefined && !isOwnOrigin(origin, names)) return 403
  const site = given['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403
  return token === undefined || isToken(given.authorization, token) ? undefined : 401
}

function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') && URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : undefined
}

function hostOf(host = ''): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}

/** A page of this server's own names. `null`, which sandboxed pages and files say, is none. */
function isOwnOrigin(origin: string, names: readonly string[]): boolean {
  return URL.canParse(origin) && names.includes(new URL(origin).hostname.toLowerCase())
}

/** Compares in constant time, whatever the lengths. */
function isToken(authorization: string | undefined, token: string): boolean {
  const [, given = ''] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? []
  return timingSafeEqual(hashOf(given), hashOf(token))
}

function hashOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || /^127(\.\d{1,3}){3}$/.test(address)
}

function refuse(response: ServerResponse, status: number, more: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, ...more, connection: 'close' }).end()
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

function listening(port: number, listen: string, option: string, handle: Handler): Promise<Server> {
  const { headerBytes, requestMs, checkMs, idleMs, connections } = serverLimits
  const server = createServer(
    {
      maxHeaderSize: headerBytes,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      keepAliveTimeout: requestMs,
      connectionsCheckingInterval: checkMs,
    },
    (request, response) => {
      handle(request, response).catch(() => response.destroy())
    },
  )
  server.maxConnections = connections
  server.setTimeout(idleMs)
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(cannotListen(port, listen, option, error)))
    server.listen(port, listen, () => resolve(server))
  })
}

function noToken(listen: string): OperatorError {
  return new OperatorError({
    what: `\`listen\` ${listen}`,
    expected: 'a token in MYCELIA_API_TOKEN for an address beyond the loopback',
    got: 'none',
    next: 'Set one, or leave `listen` out.',
  })
}

function cannotListen(port: number, listen: string, option: string, cause: Error): OperatorError {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new OperatorError({ what: `\`listen\` ${listen}`, expected: 'an address of this machine', got: code }, { cause })
  const next = 'Name another one, or 0 for any.'
  return new OperatorError({ what: `\`${option}\` ${port}`, expected: 'a free port', got: code, next }, { cause })
}
