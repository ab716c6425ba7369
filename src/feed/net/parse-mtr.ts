/** Reads what `mtr --json -n` prints, as a traced route. */

import * as z from 'zod'
import type { Probe, TracedRoute } from './parse-traceroute.js'

const hub = z.object({
  count: z.number().int(),
  host: z.string(),
  'Loss%': z.number().min(0).max(100),
  Snt: z.number().int().min(0).max(10_000),
  Avg: z.number(),
  Best: z.number(),
})
const schema = z.object({ report: z.object({ hubs: z.array(hub).max(255) }) })

/** Undefined where the text is no report of mtr. mtr tells the best and the mean of a hop's round trips: one probe has the best, the others the mean. */
export function parseMtr(text: string, address: string | null): TracedRoute | undefined {
  const parsed = schema.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  const hops = parsed.data.report.hubs.map(({ count, host, Snt, Avg, Best, 'Loss%': loss }) => {
    const answered = host === '???' ? 0 : Math.round(Snt * (1 - loss / 100))
    const probe = (_: unknown, i: number): Probe => {
      if (i >= answered) return { address: null, rttMs: null, mark: null }
      return { address: host, rttMs: i === 0 ? Best : Avg, mark: null }
    }
    return { ttl: count, probes: Array.from({ length: Math.max(1, Snt) }, probe) }
  })
  return { address, hops, cut: false, unread: 0 }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
