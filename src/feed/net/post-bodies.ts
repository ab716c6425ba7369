/** Scans and signals as JSON bodies: what `mycelia scan --post` sends, and what a collector reads. */

import * as z from 'zod'
import type { TimeMs } from '../../core/index.js'
import { leastRttMs, type NetScan, netSignalTypes, type PostedSignal, pairName } from '../../market/index.js'

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

/** What is no number stays wrong, and is refused by its own reason; null: no answer. */
const rtt = z.unknown().transform(x => (x === null ? null : typeof x === 'number' ? x : Number.NaN))
const name = z.string().min(1).max(253)
/** Bounds of what is read at all; what may be believed is checked afterwards. */
const hop = z.object({ ttl: z.number(), address: z.string().max(64).nullable().default(null), rtt_ms: rtt })

const scanSchema = z.object({
  host: name,
  vantage: name,
  time: z.number().int().nonnegative().optional(),
  hops: z.array(hop).max(1_000),
  probes_ms: z.array(rtt).max(1_000).optional(),
  total_rtt: rtt,
  gateway: z.boolean().optional(),
})

/**
 * A scan from its body; undefined where it is none. `total_rtt` alone is one probe; where nothing is said of the gateway, a vantage point
 * that heard any router has heard its own; without a time it was taken now.
 */
export function scanOfBody(body: unknown, now: TimeMs): NetScan | undefined {
  const parsed = scanSchema.safeParse(body)
  if (!parsed.success) return undefined
  const { host, vantage, time = now, hops, probes_ms, total_rtt, gateway } = parsed.data
  return {
    host,
    vantage,
    time,
    hops: hops.map(({ ttl, address, rtt_ms }) => ({ ttl, address, rttMs: rtt_ms })),
    probesMs: probes_ms ?? [total_rtt],
    gateway: gateway ?? hops.some(({ rtt_ms }) => rtt_ms !== null),
  }
}

const signalSchema = z.object({
  signal_id: z.string().min(1).max(100),
  source: name,
  type: z.enum(netSignalTypes),
  host: name,
  pair: z.string().min(1).max(40),
  direction: z.union([z.literal(1), z.literal(-1)]),
  strength: z.number(),
  time: z.number().int().nonnegative().optional(),
})

/** A signal from the body of `POST /api/v1/signals`; undefined where it is none. A confidence that it claims is not read: it is earned here. */
export function signalOfBody(body: unknown, now: TimeMs): PostedSignal | undefined {
  const parsed = signalSchema.safeParse(body)
  if (!parsed.success) return undefined
  const { signal_id: id, time = now, pair, ...rest } = parsed.data
  return { ...rest, id, time, pair: pairName(pair) }
}
