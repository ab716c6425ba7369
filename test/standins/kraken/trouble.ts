/** The ways in which the stand-in can be away: each answers every REST method and every dial in its own manner. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * `absent`: connections break. `maintenance`: Kraken's words for it, and dials refused. `portal`: a web page with status 200 in
 * the place of everything. `empty`: `{}`. `blank`: the right envelope around nothing.
 */
export type Trouble = 'absent' | 'maintenance' | 'portal' | 'empty' | 'blank'

const page = '<!DOCTYPE html><html><body>Welcome to the hotel. Please accept the terms.</body></html>'

/** Answers a REST request in the manner of the trouble. */
export function answerInTrouble(trouble: Trouble, request: IncomingMessage, response: ServerResponse): void {
  if (trouble === 'absent') return void request.socket.destroy()
  if (trouble === 'portal') return void response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  const body =
    trouble === 'maintenance'
      ? { error: ['EService:Unavailable'] }
      : trouble === 'empty'
        ? {}
        : { error: [], result: blankResult(request) }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Refuses a dial in the manner of the trouble. */
export function refuseInTrouble(trouble: Trouble, socket: Duplex): void {
  if (trouble === 'absent') return void socket.destroy()
  const status = trouble === 'maintenance' ? '503 Service Unavailable' : '200 OK'
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`,
  )
}

function blankResult({ url = '' }: IncomingMessage): unknown {
  const pair = new URL(url, 'http://standin').searchParams.get('pair')
  return pair === null || /AssetPairs/.test(url) ? {} : { [pair]: [], last: 0 }
}
