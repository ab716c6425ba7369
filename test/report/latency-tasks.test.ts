/** The tasks of latency that nodes of a compute pool make: what scans show, and what a run's signals were worth. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'mycelia/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import { latencyTasks } from '../../src/report/index.js'
import { readTable } from '../../src/storage/index.js'
import { madeRun } from './report-runs.js'

const host = 'api.kraken.com'
const hops = ['10.0.0.1', '*', '192.0.2.7']
const begin = 1.7e12
const minute = 60_000

/** Scans two minutes apart: usual ones, then slow ones. */
function scansOf(vantage: string, usual: number, slow: number) {
  return Array.from({ length: usual + slow }, (_, i) => {
    const rtt = (i < usual ? 20 : 80) + (i % 3)
    return { host, vantage, timestamp: begin + i * 2 * minute, hops, total_rtt: rtt }
  })
}

describe('anomaly_detection', () => {
  it('finds a spike in the scans of a host as they come, and says on how many it rests', async () => {
    const detect = await latencyTasks.anomaly_detection({})
    const found = scansOf('here', 60, 3).map(({ total_rtt, ...scan }) => detect({ ...scan, rtt_ms: total_rtt }))
    expect(found.slice(0, 61).flatMap(({ signals }) => signals)).toEqual([])
    expect(found[61]).toMatchObject({
      signals: [{ type: 'latency_anomaly', direction: -1, host, time: begin + 61 * 2 * minute, confidence: 0.5 }],
      scans: 62,
    })
  })

  it('needs nothing of before where it is given the history', async () => {
    const scans = scansOf('here', 60, 2)
    const { total_rtt: rtt_ms, ...last } = scans.at(-1) ?? { total_rtt: 0 }
    const history = scans.slice(0, -1)
    for (let i = 0; i < 2; i++) {
      const detect = await latencyTasks.anomaly_detection({})
      expect(detect({ ...last, rtt_ms, history })).toMatchObject({ signals: [{ type: 'latency_anomaly' }], scans: 62 })
    }
  })

  it('counts what may not be believed, by reason', async () => {
    const detect = await latencyTasks.anomaly_detection({})
    const scan = { host: 'other.example', timestamp: 1e12, hops }
    expect(detect({ ...scan, rtt_ms: -1 })).toMatchObject({ signals: [], scans: 0, rejected: { rttNegative: 1 } })
    expect(detect({ ...scan, rtt_ms: 61_000 })).toMatchObject({ rejected: { rttNegative: 1, rttTooLong: 1 } })
    expect(() => detect({ ...scan, rtt_ms: 'fast' })).toThrow(/rtt_ms/)
  })
})

it('batch_analysis says what two vantage points agree on, and not what one sees alone', async () => {
  const analyse = await latencyTasks.batch_analysis({})
  const interleaved = (a: object[], b: object[]) => a.flatMap((scan, i) => [scan, b[i]])
  const both = analyse({ scans: interleaved(scansOf('north', 60, 4), scansOf('south', 60, 4)) })
  expect(both.signals.map(({ type, direction }) => [type, direction])).toEqual(expect.arrayContaining([['latency_anomaly', -1]]))
  expect(both.count).toBe(both.signals.length)
  const one = analyse({ scans: interleaved(scansOf('north', 60, 4), scansOf('south', 64, 0)) })
  expect(one).toEqual({ signals: [], count: 0, rejected: {} })
})

describe('with a run of nettrace', () => {
  it('get_signals, get_accuracy and confidences are what its tables say', async () => {
    const place = mkdtempSync(join(tmpdir(), 'latency-tasks-'))
    onTestFinished(() => rmSync(place, { recursive: true, force: true }))
    const { runDir } = await run({ scenario: 'nettrace', seed: 5, steps: 3_000, out: join(place, 'run') })
    const { signals } = await (await latencyTasks.get_signals({ run: runDir }))({ min_confidence: 0.5 })
    const table = (await readTable(join(runDir, 'latency_signals.parquet'), ['signal_id', 'state', 'confidence'])) ?? {}
    const ids = new Set(table.signal_id?.filter((_, i) => Number(table.confidence?.[i]) >= 0.5))
    expect(ids.size).toBeGreaterThan(0)
    expect(new Set(signals.map(signal => signal.signal_id))).toEqual(ids)
    expect(signals.filter(({ state }) => state === 'active').length).toBeLessThan(signals.length)
    const outcomes = (await readTable(join(runDir, 'signal_outcomes.parquet'), ['right'])) ?? {}
    const right = outcomes.right?.filter(Boolean).length ?? 0
    const matured = outcomes.right?.length ?? 0
    const accuracy = await (await latencyTasks.get_accuracy({ run: runDir }))({ hours: 100_000 })
    expect(accuracy).toMatchObject({ accuracy: right / matured, matured, needed: 617 })
    expect((await (await latencyTasks.get_accuracy({ run: runDir }))({ hours: 0.001 })).matured).toBeLessThan(matured)
    const analyse = await latencyTasks.batch_analysis({ run: runDir })
    const { signals: found } = analyse({ scans: scansOf('here', 60, 2) })
    expect(found[0]?.confidence).not.toBe(0.5)
  })

  it('what other places posted counts for them alone', async () => {
    const made = { time: begin, type: 'latency_anomaly', host, pair: 'SOLUSD', direction: -1, strength: 2 }
    const ids = Array.from({ length: 20 }, (_, i) => `far:${i}`)
    const taskRun = (posted: boolean) => {
      const signal = { ...made, posted, state: 'active', confidence: 0.5, decided_at: begin, expires_at: begin }
      return madeRun({
        tables: {
          model: [{ step: 1, time: begin }],
          latency_signals: ids.map(signal_id => ({ signal_id, ...signal })),
          signal_outcomes: ids.map(signal_id => ({ signal_id, time: begin, posted, right: true })),
        },
      })
    }
    const of = async (run: string) => {
      const { signals } = (await latencyTasks.batch_analysis({ run }))({ scans: scansOf('here', 60, 2) })
      const { matured } = await (await latencyTasks.get_accuracy({ run }))({ hours: 1 })
      return { confidence: signals[0]?.confidence, matured }
    }
    expect(await of(taskRun(true))).toEqual({ confidence: 0.5, matured: 0 })
    const own = await of(taskRun(false))
    expect(own.matured).toBe(20)
    expect(own.confidence).toBeGreaterThan(0.5)
  })

  it('and none without one', async () => {
    await expect(latencyTasks.get_signals({})).rejects.toThrow(/get_signals: expected a run whose tables it reads/)
    await expect(latencyTasks.get_accuracy({})).rejects.toThrow(/get_accuracy: expected a run/)
  })
})
