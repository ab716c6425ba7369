/** Routes that probes of RIPE Atlas have traced, from the public results of measurements: scans from vantage points all over the world. */

import * as z from 'zod'
import { MINUTE_MS, OperatorError, SECOND_MS, type TimeMs } from '../../core/index.js'
import type { Probe } from './parse-traceroute.js'
import type { PolledInput, PolledSource } from './polled-feed.js'
import { scanOf } from './probe.js'

const standardUrl = 'https://atlas.ripe.net'

/** The number of the hop to which a probe jumps after several that did not answer. */
const jumpTo = 255

const answered = z.object({ from: z.string().max(64), rtt: z.number(), err: z.union([z.string(), z.number()]).optional() })
const hop = z.object({ hop: z.number().int().min(1).max(255), result: z.array(z.unknown()).max(32).default([]) })
const resultSchema = z.object({
  prb_id: z.number().int().positive(),
  dst_name: z.string().min(1).max(253),
  dst_addr: z.string().max(64).nullish(),
  timestamp: z.number().int().positive(),
  result: z.array(hop).min(1).max(255),
})

/** What is asked of a measurement. */
export interface AtlasOptions {
  /** Of these, the ones that are called `atlas-1234` are the probes whose results are asked for. */
  readonly vantages: readonly string[]
  readonly url?: string | undefined
}

/** The newest results of a measurement of traceroutes, by its number. A probe is the vantage point `atlas-1234`. */
export function atlasMeasurement(id: string, { vantages, url = standardUrl }: AtlasOptions): PolledSource {
  if (!/^[1-9]\d{0,11}$/.test(id))
    throw new OperatorError({ what: 'a measurement of RIPE Atlas', expected: 'its number, as 5051', got: id })
  const probes = vantages.flatMap(name => /^atlas-([1-9]\d{0,11})$/.exec(name)?.[1] ?? [])
  if (probes.length === 0)
    throw new OperatorError({
      what: 'the probes of RIPE Atlas',
      expected: 'one at least among the vantage points, as atlas-1234',
      got: vantages.join(', '),
      next: 'Name those whose routes are wanted in the parameter `vantages`.',
    })
  const listed = new Set(probes.map(Number))
  return {
    name: `atlas-${id}`,
    url: `${url.replace(/\/+$/, '')}/api/v2/measurements/${id}/latest/?format=json&probe_ids=${probes.join(',')}`,
    pollMs: MINUTE_MS,
    read: (answer, now) => scansIn(answer, listed, now),
  }
}

/** The newest results by the numbers of their probes, each with the newest first; elsewhere the interface gives one list. */
const answerSchema = z.union([
  z.array(z.unknown()).max(10_000),
  z
    .record(z.string(), z.array(z.unknown()).max(10))
    .transform(byProbe => Object.values(byProbe).flatMap(results => results.slice(0, 1)))
    .refine(results => results.length <= 10_000),
])

/** A result that cannot be read, or is of another probe, is passed over; undefined: the answer holds no results. */
function scansIn(answer: unknown, listed: ReadonlySet<number>, heardAt: TimeMs): PolledInput[] | undefined {
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success) return undefined
  return parsed.data.flatMap(given => {
    const read = resultSchema.safeParse(given)
    if (!read.success || !listed.has(read.data.prb_id)) return []
    const { prb_id, dst_name: host, dst_addr, timestamp, result } = read.data
    const hops = result.map(({ hop: n, result: probes }, i) => ({
      ttl: n === jumpTo ? (result[i - 1]?.hop ?? 0) + 1 : n,
      probes: probes.map(probeOf),
    }))
    const vantage = `atlas-${prb_id}`
    const scan = scanOf(
      { address: dst_addr ?? null, hops, cut: false, unread: 0 },
      { host, vantage, time: timestamp * SECOND_MS },
    )
    return [{ key: `${vantage} ${host}`, version: String(timestamp), input: { kind: 'scan', scan: { ...scan, heardAt } } }]
  })
}

function probeOf(given: unknown): Probe {
  const read = answered.safeParse(given)
  if (!read.success) return { address: null, rttMs: null, mark: null }
  const { from, rtt, err } = read.data
  return { address: from, rttMs: rtt, mark: err === undefined ? null : `!${err}` }
}
