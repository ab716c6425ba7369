/** Incidents as exchanges tell them on their status pages (Statuspage, `/api/v2/incidents.json`): labels of outages. */

import * as z from 'zod'
import { DAY_MS, MINUTE_MS, OperatorError, type TimeMs } from '../../core/index.js'
import type { NetIncident } from '../../market/index.js'
import type { PolledInput, PolledSource } from './polled-feed.js'

/** Exchanges whose pages are of this kind. */
const knownPages: Readonly<Record<string, string>> = {
  'api.coinbase.com': 'https://status.coinbase.com',
  'api.kraken.com': 'https://status.kraken.com',
  'api.gemini.com': 'https://status.gemini.com',
  'api.bitfinex.com': 'https://bitfinex.statuspage.io',
  'api.crypto.com': 'https://status.crypto.com',
}

/** An incident that ended longer ago is history when a run begins. */
const oldMs = DAY_MS

const time = z.string().transform((text, context) => {
  const at = Date.parse(text)
  if (Number.isFinite(at)) return at
  context.addIssue('no time')
  return z.NEVER
})
const incidentSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().max(1_000),
  status: z.string().max(40),
  impact: z.string().max(40),
  created_at: time,
  started_at: time.nullish(),
  resolved_at: time.nullish(),
})
const answerSchema = z.object({ incidents: z.array(z.unknown()).max(1_000) })

/** The page of a host: `api.kraken.com`, or `host=https://…` for another one. */
export function statusPage(text: string): PolledSource {
  const at = text.indexOf('=')
  const host = at < 0 ? text : text.slice(0, at)
  const url = at < 0 ? knownPages[host] : text.slice(at + 1)
  if (url === undefined || !URL.canParse(url) || !/^https?:/.test(url))
    throw new OperatorError({
      what: 'the status page of a host',
      expected: `${Object.keys(knownPages).join(', ')}, or host=https://…`,
      got: text,
    })
  return {
    name: host,
    url: `${url.replace(/\/+$/, '')}/api/v2/incidents.json`,
    pollMs: MINUTE_MS,
    read: (answer, now) => incidentsIn(answer, host, now),
  }
}

/** An incident that cannot be read is passed over; undefined: the answer is no list of any. */
function incidentsIn(answer: unknown, host: string, now: TimeMs): PolledInput[] | undefined {
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success) return undefined
  return parsed.data.incidents.flatMap(given => {
    const read = incidentSchema.safeParse(given)
    if (!read.success) return []
    const { id, name, status, impact, created_at, started_at, resolved_at } = read.data
    const resolvedAt = resolved_at ?? null
    if (resolvedAt !== null && now - resolvedAt > oldMs) return []
    const incident: NetIncident = { id, host, name, impact, status, startedAt: started_at ?? created_at, resolvedAt }
    return [{ key: id, version: `${status} ${impact} ${resolvedAt}`, input: { kind: 'incident', incident } }]
  })
}
