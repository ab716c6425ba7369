import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { simulate } from 'mycelia'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import plantedDense from '../../scenarios/planted-dense.js'
import type { Swarm } from '../../src/agents/index.js'
import { finishedTradePages, RunDirectory, readTable } from '../../src/storage/index.js'
import { type RunResult, replayRun, run } from '../../src/world/index.js'
import { knowledgeFrom, madeWith, realTime, timelineOf } from '../../src/world/knowledge.js'

const root = mkdtempSync(join(tmpdir(), 'mycelia-knowledge-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Small, and quick to find what is planted. */
const market = { scenario: 'planted-dense', steps: 6_000 } as const
let teacher: RunResult
beforeAll(async () => {
  teacher = await run({ ...market, seed: 1, root })
}, 60_000)

const pupil = (over: object = {}) => run({ ...market, steps: 300, seed: 2, root, knowledge: teacher.runDir, ...over })

/** Ideas from the first steps on, without a proof. */
const ideas = { params: { forcedHypotheses: ['code:Rust|level|0|SOLUSD|4|+'] } }

const manifestOf = ({ runDir }: RunResult) =>
  RunDirectory.read(runDir).manifest as unknown as { parameters: Record<string, unknown> }

/** The weight of past trades behind the first idea. */
async function remembered({ runDir }: RunResult): Promise<number> {
  const table = await readTable(join(runDir, 'recollections.parquet'), ['cases'])
  return Number(table?.cases?.[0])
}

describe('a run that begins with the knowledge of another', () => {
  test('remembers its trades from the first idea on, and screens its patterns first', async () => {
    const notes: string[] = []
    const result = await pupil({ ...ideas, onNote: (note: string) => notes.push(note) })
    expect(notes.join('\n')).toMatch(/Begins with [1-9]\d* past trades and [1-9]\d* approved patterns of /)
    expect(await remembered(result)).toBeGreaterThan(10)
    const known = manifestOf(result).parameters.knownPatterns as string[]
    const { assignment, hypotheses } = simulate(plantedDense, { seed: 2, params: { knownPatterns: known } }).model as Swarm
    expect(known.length).toBeGreaterThan(0)
    expect([...assignment.order.slice(0, known.length)]).toEqual(known.map(name => hypotheses.indexOf(name)))
    expect(await remembered(await run({ ...ideas, ...market, steps: 300, seed: 2, root }))).toBe(0)
  }, 60_000)

  test('is resumed and replayed to the same digest', async () => {
    const whole = await pupil()
    const half = await pupil({ steps: 150 })
    expect((await run({ resume: half.runDir, steps: 300 })).digest).toBe(whole.digest)
    expect(await replayRun(whole.runDir)).toMatchObject({ verdict: 'agrees' })
  }, 60_000)

  test('is refused what is of its own future: the same market from its beginning', async () => {
    await expect(pupil({ seed: 1 })).rejects.toThrow(
      /nothing from before 2024-01-01T01:00:00.000Z: it is of this run's own future/,
    )
  })

  test('refuses a model without a market', async () => {
    await expect(pupil({ scenario: 'wealth', params: {} })).rejects.toThrow(/`knowledge`.*expected a scenario with a market/)
  })
})

describe('what may be known when a run begins', () => {
  const end = Number.MAX_SAFE_INTEGER

  test('on the same timeline is what was over by then: no trade and no approval of later', () => {
    const all = knowledgeFrom(teacher.runDir, { name: madeWith(1), begins: end })
    const times = all.trades.map(t => t.closedAt)
    const middle = times[times.length >> 1] as number
    const part = knowledgeFrom(teacher.runDir, { name: madeWith(1), begins: middle })
    expect(part.trades.length).toBeGreaterThan(0)
    expect(part.trades.every(t => t.closedAt < middle)).toBe(true)
    const later = [...finishedTradePages(join(teacher.runDir, 'trades.db'))].flat().filter(t => t.exitTime >= middle).length
    expect(part.leftOut).toBe(later + all.patterns.length - part.patterns.length)
    expect(new Set(part.trades.map(t => t.id.split('/')[0]))).toEqual(new Set([basename(teacher.runDir)]))
    expect(part.digest).not.toBe(all.digest)
  })

  test('of another world is all of it, and it was over before', () => {
    const other = knowledgeFrom(teacher.runDir, { name: madeWith(7), begins: 5_000 })
    expect(other.leftOut).toBe(0)
    expect(new Set(other.trades.map(t => t.closedAt))).toEqual(new Set([4_999]))
  })

  test('a candle file and a live market are one timeline, a seed is another', () => {
    const of = (over: object) =>
      timelineOf({ verb: 'run', seed: 3, request: {}, inputs: {}, ...over } as Parameters<typeof timelineOf>[0])
    expect([of({ verb: 'live' }), of({ inputs: { 'a.csv': 'x' } }), of({}), of({ seed: 4 })]).toEqual([
      realTime,
      realTime,
      madeWith(3),
      madeWith(4),
    ])
  })
})
