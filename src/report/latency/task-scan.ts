/** A scan as a task is given it: as `mycelia scan` sends it, or with no more than host, hops and round trip. */

import { z } from 'zod'
import { SECOND_MS } from '../../core/index.js'
import { type NetScan, parseTime } from '../../market/index.js'

const rtt = z.number().nullish()
const hop = z.union([z.string(), z.object({ ttl: z.number().optional(), address: z.string().nullish(), rtt_ms: rtt })])

export const taskScan = z.object({
  host: z.string().min(1).max(253),
  hops: z.array(hop).max(255),
  total_rtt: rtt,
  probes_ms: z.array(z.number().nullable()).max(100).optional(),
  vantage: z.string().max(200).default('here'),
  /** Ms or s since 1970, or ISO 8601. */
  time: z.union([z.number(), z.string()]).optional(),
  timestamp: z.union([z.number(), z.string()]).optional(),
  gateway: z.boolean().default(true),
})

export function scanOf({
  host,
  hops,
  total_rtt,
  probes_ms,
  vantage,
  time,
  timestamp,
  gateway,
}: z.output<typeof taskScan>): NetScan {
  return {
    host,
    vantage,
    time: timeOf(time ?? timestamp ?? 0),
    hops: hops.map((given, i) => {
      const { ttl = i + 1, address = null, rtt_ms = null } = typeof given === 'string' ? { address: given } : given
      return { ttl, address: address === '*' ? null : address, rttMs: rtt_ms }
    }),
    probesMs: probes_ms ?? [total_rtt ?? null],
    gateway,
  }
}

/** Numbers below are seconds: until the year 5138. */
const secondsBelow = 1e11

function timeOf(given: number | string): number {
  if (typeof given === 'string') return parseTime(given)
  return Math.round(given < secondsBelow ? given * SECOND_MS : given)
}
