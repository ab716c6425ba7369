/** Allows requests for public market data only, so that no request can place an order or read an account. */

import { BrokenInvariant } from '../../core/index.js'

const publicMethods = new Set(['Time', 'SystemStatus', 'Assets', 'AssetPairs', 'Ticker', 'OHLC', 'Trades'])
const publicChannels = new Set(['trade', 'ticker', 'ohlc'])
const socketMethods = new Set(['subscribe', 'unsubscribe', 'ping'])

/** Throws unless this is a GET of one of Kraken's public methods, without credentials. */
export function assertPublicRequest(url: string, method: string, headers: unknown = {}): void {
  const name = /\/0\/public\/([A-Za-z]+)$/.exec(url.split(/[?#]/, 1)[0] ?? '')?.[1]
  const secret = Object.keys(headers ?? {}).some(h => /^api-(key|sign)$/i.test(h))
  const isPublic = method === 'GET' && name !== undefined && publicMethods.has(name) && !/private/i.test(url) && !secret
  if (!isPublic)
    throw new BrokenInvariant(`only public market data may be asked of Kraken, not ${method} ${url.split('?', 1)[0]}`)
}

/** Throws unless this is the address of the public market data socket. */
export function assertPublicSocket(url: string, expected: string): void {
  if (url !== expected || /auth|private/i.test(new URL(url).pathname + new URL(url).hostname)) {
    throw new BrokenInvariant(`only the public socket ${expected} may be opened, not ${url}`)
  }
}

/** Throws unless this message subscribes to public market data or is a ping. */
export function assertPublicMessage(text: string): void {
  const message = JSON.parse(text) as { method?: unknown; params?: { channel?: unknown; token?: unknown } }
  const channel = message.params?.channel
  const isPublic =
    socketMethods.has(String(message.method)) &&
    message.params?.token === undefined &&
    (message.method === 'ping' || publicChannels.has(String(channel)))
  if (!isPublic)
    throw new BrokenInvariant(`only public channels may be subscribed to, not ${String(message.method)} ${String(channel)}`)
}
