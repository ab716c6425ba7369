/** A scan as it is sent to a collector, and the sending of it. */

import { MyceliaError, OperatorError } from '../../core/index.js'
import { leastRttMs, type NetScan } from '../../market/index.js'
import { withinTime } from '../within-time.js'

/** The body of `POST /api/v1/scans`: one JSON object. */
export function scanBody(scan: NetScan): Record<string, unknown> {
  const { host, vantage, time, hops, probesMs, gateway } = scan
  return {
    host,
    vantage,
    time,
    hops: hops.map(({ ttl, address, rttMs }) => ({ ttl, address, rtt_ms: rttMs })),
    probes_ms: probesMs,
    total_rtt: leastRttMs(scan),
    gateway,
  }
}

/** Longest time that a collector may take, ms. */
const answerMs = 10_000

/** The address of a collector. Throws where it is none. */
export function collectorUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '') return url
  throw new OperatorError({
    what: '`post`',
    expected: 'the address of a collector, http or https',
    got: text,
    next: 'A token belongs in NETTRACE_API_KEY, never in an address.',
  })
}

/** Sends a scan; throws where the collector does not take it. */
export async function postScan(url: URL, scan: NetScan, token: string | undefined): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const body = JSON.stringify(scanBody(scan))
  const answer = await withinTime(answerMs, undefined, signal =>
    fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' }),
  )
  await answer.body?.cancel()
  if (!answer.ok) throw new MyceliaError(`The collector answered ${answer.status} to a scan of ${scan.host}.`)
}
