/** Sends scans to a collector. */

import { MyceliaError, OperatorError } from '../../core/index.js'
import type { NetScan } from '../../market/index.js'
import { withinTime } from '../within-time.js'
import { scanBody } from './post-bodies.js'

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
  if (answer.ok) return void (await answer.body?.cancel())
  throw new MyceliaError(`The collector answered ${answer.status} to a scan of ${scan.host}${await reasonIn(answer)}.`)
}

/** Why, where it says so as this project's collector does. */
async function reasonIn(answer: Response): Promise<string> {
  try {
    const { error } = JSON.parse((await answer.text()).slice(0, 1_000)) as { error?: unknown }
    return typeof error === 'string' ? `: ${error}` : ''
  } catch {
    return ''
  }
}
