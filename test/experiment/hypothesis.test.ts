/** The experiment on the claim: what it measures, that it can be stopped and gone on with, and that its page says what was found. */

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import scenario from '../../scenarios/hypothesis.js'
import { HOUR_MS, Rng, rootOf } from '../../src/core/index.js'
import { type AccuracyRow, accuracyOf, type SaidIdea } from '../../src/experiment/hypothesis/accuracy.js'
import { agreementOf } from '../../src/experiment/hypothesis/agreement.js'
import { hypothesis } from '../../src/experiment/hypothesis/experiment.js'
import { haltedMarkets, mapMarkets } from '../../src/experiment/hypothesis/markets.js'
import { writeHypothesis } from '../../src/experiment/hypothesis/page.js'
import { recordControls } from '../../src/experiment/hypothesis/record-controls.js'
import { type HypothesisFigures, type HypothesisTask, hypothesisRun } from '../../src/experiment/hypothesis/run.js'
import { hypothesisSentences } from '../../src/experiment/hypothesis/words.js'
import { evennessOf } from '../../src/experiment/statistics/uniform.js'
import { SweepInterrupted } from '../../src/experiment/sweep-errors.js'
import { simulate } from '../../src/model/index.js'
import { inlineEngine } from '../../src/pool/index.js'
import type { Thinning } from '../../src/trading/index.js'
import { command } from '../cli/in-process.js'
import { atNight, isNight, times } from '../tier.js'

const root = mkdtempSync(join(tmpdir(), 'mycelia-hypothesis-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const at = (bar: number) => bar * HOUR_MS

describe('the accuracy of ideas', () => {
  const time = Float64Array.from({ length: 8 }, (_, i) => at(i))
  const opens = new Map([['A', { time, open: Float64Array.of(10, 11, 12, 11, 10, 10, 12, 9) }]])
  const idea = (source: 'mycelial' | 'baseline', bar: number, direction: 1 | -1, horizonBars = 2): SaidIdea => ({
    id: `${source}${bar}`,
    source,
    pair: 'A',
    direction,
    decidedAt: at(bar) - 1,
    barMs: HOUR_MS,
    horizonBars,
  })

  it('is judged from the next open over the idea’s own horizon, technical views over that of the ideas they stand beside', () => {
    const ideas = [idea('mycelial', 0, 1), idea('mycelial', 2, 1), idea('baseline', 1, 1, 24), idea('baseline', 2, -1, 24)]
    const rows = accuracyOf(ideas, opens, new Set(['mycelial0']))
    expect(rows).toEqual([
      {
        pair: 'A',
        horizonBars: 2,
        // The first view meets the same price two bars later and says nothing.
        views: { right: 1, of: 1 },
        ideas: { right: 1, of: 2 },
        collisions: { right: 1, of: 1 },
      },
    ])
  })

  it('knows nothing of horizons that end after the data', () => {
    expect(accuracyOf([idea('mycelial', 7, 1)], opens, new Set())[0]?.ideas).toEqual({ right: 0, of: 0 })
  })
})

describe('agreement of two signals', () => {
  /** A run in which a signal is right with p₁, another with p₂, and both err by chances of their own, or by one. */
  function run(seed: number, p1: number, p2: number, together = false): AccuracyRow[] {
    const rng = Rng.derive(rootOf(seed), 5, 0)
    const row = {
      pair: 'A',
      horizonBars: 4,
      views: { right: 0, of: 0 },
      ideas: { right: 0, of: 0 },
      collisions: { right: 0, of: 0 },
    }
    for (let i = 0; i < 2_000; i++) {
      const chance = rng.float()
      const [first, second] = [chance < p1, (together ? chance : rng.float()) < p2]
      note(row.views, first)
      note(row.ideas, second)
      if (first === second) note(row.collisions, first)
    }
    return [row]
  }
  function note(hits: { right: number; of: number }, right: boolean): void {
    hits.of++
    if (right) hits.right++
  }

  it('is right as often as Bayes’ rule says where they err independently, and not where they err together', () => {
    const seeds = [...Array(20)].map((_, seed) => seed)
    const apart = agreementOf(seeds.map(seed => run(seed, 0.55, 0.7)))
    expect(apart?.theory).toBeCloseTo((0.55 * 0.7) / (0.55 * 0.7 + 0.45 * 0.3), 2)
    expect(Math.abs((apart?.measured ?? 0) - (apart?.theory ?? 1))).toBeLessThan(3 * (apart?.error ?? 0))
    expect(apart?.error).toBeLessThan(0.01)
    const together = agreementOf(seeds.map(seed => run(seed, 0.55, 0.7, true)))
    expect((together?.theory ?? 0) - (together?.measured ?? 1)).toBeGreaterThan(5 * (together?.error ?? 1))
  })

  it('is unknown of one seed, and where nothing collided', () => {
    expect(agreementOf([run(1, 0.5, 0.5)])).toBeNull()
    expect(agreementOf([[], []])).toBeNull()
  })
})

it('evenness has the critical distances of Kolmogorov’s law: 1.358 / √n at 5 %, 1.628 / √n at 1 % (Smirnov 1948)', () => {
  const n = 10_000
  // All values moved up by the distance.
  const p = (root: number) => evennessOf([...Array(n)].map((_, i) => Math.min(1, (i + 1) / n + root / Math.sqrt(n)))).p
  expect(p(1.358)).toBeCloseTo(0.05, 2)
  expect(p(1.628)).toBeCloseTo(0.01, 2)
  expect(evennessOf([...Array(100)].map((_, i) => (i + 0.5) / 100)).p).toBeCloseTo(1, 6)
})

describe('the markets', () => {
  it('are corners of a cube of strengths from 0, three of them named with a reason and 200 seeds, the others with at least 40', () => {
    const map = mapMarkets()
    expect(new Set(map.map(({ name }) => name)).size).toBe(map.length)
    expect(map.filter(({ why }) => why !== undefined).map(({ seeds }) => seeds)).toEqual([200, 200, 200])
    expect(Math.min(...map.map(({ seeds }) => seeds))).toBeGreaterThanOrEqual(40)
    for (const part of ['technical', 'causes', 'interaction'] as const)
      expect(Math.min(...map.map(({ strengths }) => strengths?.[part] ?? 1))).toBe(0)
    expect(haltedMarkets().map(({ halts }) => halts)).toEqual([true, true, true])
  })
})

describe('a run of the experiment', () => {
  const task: HypothesisTask = { strengths: null, seed: 1, steps: 600, halts: false }
  const runs = [...Array(times(3, 40))].map((_, i) => hypothesisRun({ ...task, seed: i + 1, steps: times(600, 2_000) }))

  it('compares as many trades of both other portfolios with its collisions, and is the same again', () => {
    for (const { portfolios, controls } of runs) {
      expect(portfolios.synthesized.trades).toBeGreaterThanOrEqual(20)
      expect(controls.mycelialThinned?.trades).toBeGreaterThan(0)
      expect(controls.baselineThinned?.trades).toBeGreaterThan(0)
    }
    expect(hypothesisRun({ ...task, steps: times(600, 2_000) })).toEqual(runs[0])
  })

  it('in a market without any edge is ranked evenly among its own thinnings, against either portfolio', () => {
    for (const which of ['mycelialThinned', 'baselineThinned'] as const)
      expect(evennessOf(runs.flatMap(({ controls }) => controls[which]?.rank ?? [])).p).toBeGreaterThan(0.01)
  })

  it('is what the scenario `hypothesis` makes, in the default market', () => {
    const sim = simulate(scenario, { seed: 1, collect: false })
    const recorder = recordControls(sim)
    sim.run({ steps: 400 })
    sim.finish()
    const trades = recorder.tradesOf('baseline')
    const { baseline } = hypothesisRun({ ...task, strengths: { technical: 1, causes: 1, interaction: 1 }, steps: 400 }).portfolios
    expect(trades.length).toBeGreaterThan(0)
    expect(baseline).toEqual({ trades: trades.length, net: trades.reduce((sum, { net }) => sum + net, 0) })
  })

  it.runIf(isNight)(atNight('may be halted only where halts are on'), () => {
    // Random trades lose their costs, and with them 5 % of the portfolio.
    const long = { ...task, seed: 5, steps: 4_000 }
    expect(hypothesisRun({ ...long, halts: true }).barsHalted).toBeGreaterThan(0)
    expect(hypothesisRun(long).barsHalted).toBe(0)
  })
})

describe('the experiment', () => {
  /** Made-up figures in which agreement pays by an edge that grows with the technical strength. */
  function madeUp({ strengths, seed }: HypothesisTask): HypothesisFigures {
    // Technical trades alone earn the most in two markets: better than the swarm is not enough.
    const technicalPays = strengths?.technical === 4 && strengths.interaction === 1
    const edge = 0.002 * (strengths?.technical ?? 0) + 0.0001 * Math.sin(seed)
    const thinned = (net: number): Thinning => ({
      draws: 200,
      trades: 30,
      pool: 60,
      synthesized: 0.01 + edge,
      net,
      difference: 0.01 + edge - net,
      interval: null,
      rank: (seed % 10) / 10 + 0.05,
    })
    const hits = (right: number) => ({ right, of: 100 })
    return {
      seed,
      portfolios: {
        baseline: { trades: 90, net: 0 },
        mycelial: { trades: 90, net: 0.9 },
        synthesized: { trades: 30, net: 30 * (0.01 + edge) },
      },
      barsHalted: 0,
      controls: {
        mycelialThinned: thinned(0.0105 + 0.0001 * Math.cos(seed)),
        baselineThinned: thinned(technicalPays ? 0.05 : 0.0001 * Math.cos(3 * seed)),
      },
      accuracy: [{ pair: 'A', horizonBars: 4, views: hits(52 + (seed % 3)), ideas: hits(70), collisions: hits(72) }],
    }
  }
  let made = 0
  const engine = () =>
    inlineEngine({
      hypothesis: async () => (task: unknown) => {
        made++
        return madeUp(task as HypothesisTask)
      },
    })

  it('goes on where it was stopped, also after a line that was half written, and makes no run twice', async () => {
    const out = join(root, 'stopped')
    const controller = new AbortController()
    const stopAt = (progress: { step: number }) => progress.step === 5 && controller.abort('SIGINT')
    made = 0
    const stopped = hypothesis({ engine: engine(), out, quick: true, signal: controller.signal, onProgress: stopAt })
    await expect(stopped).rejects.toThrow(SweepInterrupted)
    const before = made
    appendFileSync(join(out, 'runs.jsonl'), '{"code":"x","task":{"stre')
    const whole = await hypothesis({ engine: engine(), out, quick: true })
    expect(made).toBe(3 * (mapMarkets().length + 4))
    expect(before).toBeLessThan(made)
    expect(await hypothesis({ engine: engine(), out, quick: true })).toEqual(whole)
    expect(made).toBe(3 * (mapMarkets().length + 4))
  })

  it('says for and against: the page, its figures and its map tell where the claim holds', async () => {
    const out = join(root, 'page')
    const result = await hypothesis({ engine: engine(), out })
    const page = readFileSync(writeHypothesis(out, result, 'mycelia experiment hypothesis'), 'utf8')
    const says = hypothesisSentences(result)[0] ?? ''
    expect(says).toBe(
      'The claim does not hold where technical analysis has no edge, holds where both signals have an edge and act apart and holds in the default market. Of 12 markets of the map it holds in 6.',
    )
    expect(page).toContain(`> ${says}`)
    expect(page).toContain('`mycelia experiment hypothesis`')
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    const figures = JSON.parse(readFileSync(join(out, 'hypothesis.json'), 'utf8'))
    expect(figures).toMatchObject({ says, command: 'mycelia experiment hypothesis', quick: false })
    expect(figures.map.filter((market: { claim: { holds: boolean } }) => market.claim.holds)).toHaveLength(6)
    const map = readFileSync(join(out, 'hypothesis-map.svg'), 'utf8')
    expect(map.match(/the claim holds</g)).toHaveLength(6)
    expect(map.match(/the claim does not hold</g)).toHaveLength(6)
    expect(map).not.toMatch(/NaN|undefined/)
  })

  it('is a command: it says what was found, and writes page, map and figures where it is told to', async () => {
    const out = join(root, 'command')
    const page = join(root, 'pages')
    await hypothesis({ engine: engine(), out, seeds: 2 })
    const flags = ['--seeds', '2', '--out', out, '--page', page]
    const { code, stdout } = await command(['experiment', 'hypothesis', ...flags], root)
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 0,
      first: expect.stringMatching(/^The claim .* At most 2 seeds/),
    })
    expect(readdirSync(page).sort()).toEqual(['hypothesis-map.svg', 'hypothesis.json', 'hypothesis.md'])
    const { stdout: printed } = await command(['experiment', 'hypothesis', ...flags, '--json'], root)
    expect(JSON.parse(printed)).toMatchObject({ seeds: 2, quick: false, map: expect.any(Array) })
    expect((await command(['experiment', 'hypothesis', '--seeds', '1'], root)).code).toBe(2)
  })
})
