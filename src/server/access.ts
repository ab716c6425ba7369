/** Who may ask a server: by the name it is called, the page that asks, and the token. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { OperatorError } from '../core/index.js'

export const loopback = '127.0.0.1'
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** Throws an `OperatorError` where an address beyond the loopback has no token. */
export function checkPlace(listen: string, token: string | undefined, tokenName = 'MYCELIA_API_TOKEN'): void {
  if (isLoopback(listen) || token !== undefined) return
  throw new OperatorError({
    what: `\`listen\` ${listen}`,
    expected: `a token in ${tokenName} for an address beyond the loopback`,
    got: 'none',
    next: 'Set one, or leave `listen` out.',
  })
}

/** What a server on this address may be called. A page of elsewhere can make its own name lead here, never one of these. */
export function namesOf(listen: string): readonly string[] {
  const own = bracketed(listen).toLowerCase()
  if (isLoopback(listen)) return [...loopbackNames, own]
  const everywhere = listen === '0.0.0.0' || listen === '::'
  const addresses = Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(({ address }) => address))
  return [...loopbackNames, ...(everywhere ? [hostname().toLowerCase(), ...addresses.map(bracketed)] : []), own]
}

/** An address as it stands in a URL. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

export function isOwnHost({ headers }: IncomingMessage, names: readonly string[]): boolean {
  return names.includes((headers.host ?? '').toLowerCase().replace(/:\d+$/, ''))
}

/** A page of this very server. `null`, which sandboxed pages and files say, is none. */
function isOwnOrigin({ headers }: IncomingMessage): boolean {
  const { origin = '', host = '' } = headers
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

/** Asked by a page of elsewhere: by its script, frame or form. */
export function isFromElsewhere(request: IncomingMessage): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined && !isOwnOrigin(request)) return true
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

/** A person follows a link that stands elsewhere: it opens a page of its own, and its sender reads nothing. */
export function isFollowedLink({ headers }: IncomingMessage): boolean {
  const { origin, 'sec-fetch-mode': mode, 'sec-fetch-dest': kind } = headers
  return origin === undefined && mode === 'navigate' && kind === 'document'
}

/** The token of the header; undefined: there is none. */
export function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

/** Compares in constant time, whatever the lengths. A token that is set to nothing is none, which nobody has. */
export function isToken(given: string | undefined, token: string | undefined): boolean {
  return given !== undefined && token !== undefined && token !== '' && timingSafeEqual(hashOf(given), hashOf(token))
}

/** The address that is asked for; undefined where it is none. */
export function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return /^\/(?!\/)/.test(url) && URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : undefined
}

export const foreignPage = 'Pages of elsewhere may ask nothing here.'
export const foreignHost = 'By this name only who carries the right token may ask; others ask by an address of this machine.'
export const tokenInUrl =
  'A token never stands in a URL, which logs and histories keep: give it in the header Authorization, or after # to the page.'

function hashOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || /^127(\.\d{1,3}){3}$/.test(address)
}
