/** A sweep makes every run of its design once, keeps what it was asked to, and ends with the same tables whoever makes the runs. */

import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineScenario, Model, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import wealth from '../../scenarios/wealth.js'
import { grid, mergeSweep, type SweepOptions, sweep } from '../../src/experiment/index.js'
import { derivedSeed } from '../../src/experiment/seeds.js'
import { readTable } from '../../src/storage/index.js'
import { needsBuild } from '../cli/mycelia.js'
import { folder, tablesIn, walk } from './kit.js'

const levels = grid({ level: [0, 1, 2] })

describe('the table of runs', () => {
  it('has a row a run: point, parameters, replicate, seed, steps, why it ended, and each column at the end', async () => {
    const { table, runs, failed, made } = await sweep(walk, grid({ level: [0, 10] }), {
      replicates: 2,
      steps: 15,
      columns: ['x', 'size'],
    })
    expect({ runs, failed, made }).toEqual({ runs: 4, failed: 0, made: 4 })
    const rows = table().toRows()
    expect(rows.map(({ run, point, level, replicate }) => [run, point, level, replicate])).toEqual([
      [0, 0, 0, 1],
      [1, 0, 0, 2],
      [2, 1, 10, 1],
      [3, 1, 10, 2],
    ])
    for (const { seed, level, steps, ended, x } of rows) {
      const sim = simulate(walk, { seed: Number(seed), params: { level: Number(level) } })
      sim.run({ steps: 15 })
      expect([steps, ended, x]).toEqual([sim.model.steps, sim.endReason ?? null, sim.model.x])
    }
    expect(rows.some(({ ended }) => ended === 'at the top')).toBe(true)
  })

  it('summarises columns over the steps, and holds the time series where they are asked for', async () => {
    const options = { steps: 5, columns: ['mean:x', 'sd:x', 'min:x', 'max:x', 'sum:x', 'mean:never'], series: ['x', 'endless'] }
    const { table } = await sweep(walk, grid({}), options)
    const [row] = table().toRows()
    const sim = simulate(walk, { seed: Number(row?.seed) })
    sim.run({ steps: 5 })
    const x = sim.table('model').column('x').map(Number)
    const mean = x.reduce((a, b) => a + b) / x.length
    expect([row?.x_mean, row?.x_min, row?.x_max]).toEqual([mean, Math.min(...x), Math.max(...x)])
    expect(row?.x_sd).toBeCloseTo(Math.sqrt(x.reduce((all, one) => all + (one - mean) ** 2, 0) / (x.length - 1)), 12)
    expect(row?.x_sum).toBe(x.reduce((a, b) => a + b))
    expect(row?.never_mean).toBeNull()
    const series = table('series').toRows()
    expect(series.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5])
    expect(series.map(row => row.x)).toEqual(x)
    expect(series[0]?.endless).toBe(Number.POSITIVE_INFINITY)
  })

  it('ends a run at the step where a rule holds', async () => {
    const { table } = await sweep(walk, levels, { replicates: 4, steps: 30, stopWhen: 'x > 2', columns: ['x'] })
    const stopped = table()
      .toRows()
      .filter(({ ended }) => ended === 'x > 2')
    expect(stopped.length).toBeGreaterThan(3)
    for (const { seed, level, steps } of stopped) {
      const sim = simulate(walk, { seed: Number(seed), params: { level: Number(level) } })
      sim.run({ until: model => model.x > 2 })
      expect(sim.model.steps).toBe(steps)
    }
  })

  it('gives replicate r the same seed at every point, unless seeds are to be independent', async () => {
    const seeds = async (kind: 'common' | 'independent') => {
      const { table } = await sweep(walk, levels, { replicates: 3, steps: 1, seeds: kind, columns: ['x'] })
      return table().column('seed')
    }
    const three = [1, 2, 3].map(n => derivedSeed(1, n))
    expect(await seeds('common')).toEqual([...three, ...three, ...three])
    expect(new Set(await seeds('independent')).size).toBe(9)
  })

  it('in its files: Parquet and CSV say the same', async () => {
    const out = folder()
    await sweep(walk, levels, { steps: 3, out })
    const columns = await readTable(join(out, 'runs.parquet'), ['run', 'level', 'x', 'side', 'never'])
    const [head, ...lines] = readFileSync(join(out, 'runs.csv'), 'utf8').trimEnd().split('\r\n')
    expect(head).toBe('run,point,level,replicate,seed,steps,ended,x,size,side,never,endless')
    expect(lines).toHaveLength(3)
    expect(columns?.level).toEqual([0, 1, 2])
    expect(lines.map(line => Number(line.split(',')[7]))).toEqual(columns?.x)
    expect(columns?.never).toEqual([null, null, null])
    expect(lines[0]).toMatch(/,(below|"above, ""0"""),,Infinity$/)
  })
})

describe('a sweep refuses, before it runs anything,', () => {
  const refused = (design: ReturnType<typeof grid>, options: SweepOptions) => sweep(walk, design, options)
  it.each([
    ['an unknown parameter', grid({ levl: [1] }), {}, 'Unknown parameter "levl". Did you mean "level"?'],
    [
      'a value that the scenario does not take',
      grid({ level: [1, 99] }),
      {},
      'point 2 of 2 (level=99): parameter "level": expected at most 10, got 99',
    ],
    ['an unknown column', levels, { columns: ['y'] }, 'Unknown column "y". Did you mean "x"?'],
    ['an unknown summary', levels, { columns: ['median:x'] }, 'Unknown summary "median". '],
    ['a summary of texts', levels, { columns: ['mean:side'] }, 'expected numbers to summarise, got "text"'],
    ['a figure that no summary has', levels, { columns: ['portfolios.x'] }, 'expected "portfolios.x" in the model\'s summary'],
    ['a rule about an unknown column', levels, { stopWhen: 'y > 1' }, 'Unknown column "y"'],
    ['a rule that is none', levels, { stopWhen: 'x is large' }, 'expected a column compared with a value'],
    ['a parameter both varied and set', levels, { params: { level: 1 } }, 'expected to be varied or to be the same for all runs'],
    [
      'threads for a scenario that only this thread has',
      levels,
      { engine: 'workers' },
      'expected a scenario by its name or its file',
    ],
    ['more runs than a sweep may have', levels, { replicates: 1e11 }, 'expected a whole number from 1 to 10,000,000'],
    ['run directories without a folder', levels, { keepRuns: true }, '`keepRuns`: expected `out`'],
    [
      'run directories of a scenario without a name',
      levels,
      { keepRuns: true, out: 'kept' },
      '`keepRuns`: expected a scenario by its name',
    ],
    ['a part that is none', levels, { shard: { part: 3, of: 2 } }, 'got "3/2"'],
  ] as const)('%s', async (_, design, options, message) => {
    await expect(refused(design, options as SweepOptions)).rejects.toThrow(message)
  })
})

describe('runs that fail', () => {
  it('are rows of a table of their own, with seed, parameters, error and stack; the others are as without them', async () => {
    const out = folder()
    const design = grid({ failAt: [-1, 3] })
    const { runs, failed, table } = await sweep(walk, design, { replicates: 2, steps: 5, columns: ['x'], out })
    expect({ runs, failed }).toEqual({ runs: 4, failed: 2 })
    expect(table().toRows()).toHaveLength(2)
    const [first] = table('failures').toRows()
    expect(first).toMatchObject({
      run: 2,
      failAt: 3,
      replicate: 1,
      seed: derivedSeed(1, 1),
      error: 'TypeError',
      message: 'no step 3',
    })
    expect(String(first?.stack)).toContain('kit.ts')
    expect(existsSync(join(out, 'failures.parquet'))).toBe(true)
  })
})

describe('a folder of results', () => {
  const options = (out: string): SweepOptions => ({ replicates: 4, steps: 5, columns: ['x', 'mean:x'], out })

  it('is continued by the same sweep, which makes only what is missing', async () => {
    const [whole, cut] = [folder(), folder()]
    await sweep(walk, levels, options(whole))
    await sweep(walk, levels, options(cut))
    const log = join(cut, 'results.log')
    const text = readFileSync(log, 'latin1')
    // As a kill leaves it: three runs are there, a fourth was cut off in its middle.
    truncateSync(log, ([...text.matchAll(/\n/g)][2]?.index as number) + 20)
    for (const name of ['runs.parquet', 'runs.csv']) writeFileSync(join(cut, name), '')
    const { made } = await sweep(walk, levels, options(cut))
    expect(made).toBe(9)
    expect(tablesIn(cut)).toEqual(tablesIn(whole))
    expect((await sweep(walk, levels, options(cut))).made).toBe(0)
  })

  it('is refused to another sweep, which is told in what it differs', async () => {
    const out = folder()
    await sweep(walk, levels, options(out))
    await expect(sweep(walk, levels, { ...options(out), seed: 2 })).rejects.toThrow('expected the same seed as it began with')
    await expect(sweep(walk, grid({ level: [0, 1] }), options(out))).rejects.toThrow('expected the same points as it began with')
    const other = folder()
    writeFileSync(join(other, 'notes.txt'), '')
    await expect(sweep(walk, levels, options(other))).rejects.toThrow('which holds notes.txt')
  })

  it('whose last line is not as it was written makes that run again', async () => {
    const out = folder()
    await sweep(walk, levels, options(out))
    const log = join(out, 'results.log')
    const lines = readFileSync(log, 'utf8').split('\n')
    lines[11] = lines[11]?.replace('"steps":5', '"steps":6') ?? ''
    writeFileSync(log, lines.join('\n'))
    expect((await sweep(walk, levels, options(out))).made).toBe(1)
  })
})

describe('a precision', () => {
  const precision = { column: 'x', halfWidth: 1.2 }
  const options: SweepOptions = { replicates: 60, steps: 5, columns: ['x'], precision }

  it('keeps the replicates up to the first at which the interval is narrow enough, and no others', async () => {
    const { table, runs, narrow } = await sweep(walk, levels, options)
    expect(narrow).toBe(3)
    expect(runs).toBeLessThan(180)
    const all = (await sweep(walk, levels, { ...options, precision: undefined })).table().toRows()
    for (const point of [0, 1, 2]) {
      const kept = table()
        .toRows()
        .filter(row => row.point === point)
      expect(kept.map(({ replicate }) => replicate)).toEqual(kept.map((_, i) => i + 1))
      const x = all.filter(row => row.point === point).map(row => Number(row.x))
      expect(halfWidth(x.slice(0, kept.length))).toBeLessThanOrEqual(1.2)
      for (let k = 5; k < kept.length; k++) expect(halfWidth(x.slice(0, k))).toBeGreaterThan(1.2)
    }
  })

  it('may be a fraction of the mean', async () => {
    const relative = { ...options, precision: { column: 'x', halfWidth: 0.9, isRelative: true } }
    const { table } = await sweep(walk, grid({ level: [5] }), relative)
    const x = table().column('x').map(Number)
    expect(halfWidth(x)).toBeLessThanOrEqual((0.9 * x.reduce((a, b) => a + b)) / x.length)
  })
})

/** By Student's t at 95 %; quantiles from a published table. */
function halfWidth(x: readonly number[]): number {
  const mean = x.reduce((a, b) => a + b) / x.length
  const sd = Math.sqrt(x.reduce((all, one) => all + (one - mean) ** 2, 0) / (x.length - 1))
  return (quantiles[x.length - 2] as number) * (sd / Math.sqrt(x.length))
}

/** t₀.₉₇₅ at 1, 2, … degrees of freedom. */
const quantiles = [
  12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037, 2.14479,
  2.13145, 2.11991, 2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.0639, 2.05954, 2.05553, 2.05183, 2.04841,
  2.04523, 2.04227,
]

describe('the same tables', () => {
  const base: SweepOptions = { replicates: 5, steps: 30, columns: ['gini', 'mean:gini'], series: true }
  const design = grid({ people: { from: 10, to: 30, n: 3 } })
  const made = async (options: SweepOptions, scenario: Parameters<typeof sweep>[0] = 'wealth') => {
    const out = folder()
    await sweep(scenario, design, { ...base, ...options, out })
    return tablesIn(out)
  }

  it('come of every engine, of any number of workers, and of shards', { timeout: 300_000 }, async ctx => {
    needsBuild(ctx)
    const expected = await made({ engine: 'inline' })
    for (const workers of [0, 1, 2]) expect(await made({ workers })).toEqual(expected)
    expect(await made({}, wealth)).toEqual(expected)
    const parts = [folder(), folder(), folder()]
    for (const [i, out] of parts.entries())
      await sweep('wealth', design, { ...base, engine: 'inline', shard: { part: i + 1, of: 3 }, out })
    const out = folder()
    mergeSweep([parts[2], parts[0], parts[1]] as string[], { out })
    expect(tablesIn(out)).toEqual(expected)
  })

  it('come of every engine where a precision ends the replicates', { timeout: 300_000 }, async ctx => {
    needsBuild(ctx)
    const precise = { replicates: 40, precision: { column: 'gini', halfWidth: 0.03 } }
    const expected = await made({ ...precise, engine: 'inline' })
    expect(expected[1]?.split('\n').length).toBeLessThan(100)
    for (const workers of [1, 2]) expect(await made({ ...precise, workers })).toEqual(expected)
    const parts = [folder(), folder()]
    for (const [i, out] of parts.entries())
      await sweep('wealth', design, { ...base, ...precise, engine: 'inline', shard: { part: i + 1, of: 2 }, out })
    const out = folder()
    mergeSweep(parts, { out })
    expect(tablesIn(out)).toEqual(expected)
  })

  it('are not merged of shards that lack a part: it is named', async () => {
    const parts = [folder(), folder()]
    for (const [i, out] of parts.entries())
      await sweep(walk, levels, { replicates: 4, steps: 2, shard: { part: i + 1, of: 3 }, out })
    expect(() => mergeSweep(parts, { out: folder() })).toThrow('Missing: shard 3/3.')
    const log = join(parts[1] as string, 'results.log')
    truncateSync(log, readFileSync(log).indexOf(10) + 1)
    expect(() => mergeSweep(parts, { out: folder() })).toThrow(/Missing: 3 of 4 runs of shard 2\/3 in .+, shard 3\/3\./)
  })
})

/** A model whose columns are called as those of the table of series, and that moves so much a step. */
function stepper(by: 1 | 2) {
  class One extends Model {
    point = 0
    override step() {
      this.point += 1
    }
  }
  class Two extends Model {
    point = 0
    override step() {
      this.point += 2
    }
  }
  const about = { name: 'stepper', title: 'Stepper', params: z.object({}) }
  return by === 1
    ? defineScenario({ ...about, model: One, collect: { model: { point: m => m.point } } })
    : defineScenario({ ...about, model: Two, collect: { model: { point: m => m.point } } })
}

it('a sweep of an object is continued by the same code alone', async () => {
  const out = folder()
  const options = { out, steps: 2, replicates: 2, columns: ['point'] }
  await sweep(stepper(1), grid({}), options)
  await expect(sweep(stepper(2), grid({}), options)).rejects.toThrow(/the same code of the scenario as it began with/)
  expect((await sweep(stepper(1), grid({}), options)).made).toBe(0)
})

it('a column of the model that is called as one of the table of series is renamed', async () => {
  const { table } = await sweep(stepper(2), grid({}), { steps: 2, columns: ['point'], series: ['point'] })
  expect(table('series').toRows()).toEqual(
    [0, 1, 2].map(step => ({ run: 0, point: 0, replicate: 1, step, point_series: 2 * step })),
  )
})

describe('a sweep over candle files', () => {
  /** A hundred hours of a market that rises or falls. */
  function candles(rise: number): string {
    const place = join(folder(), 'XBTUSD.csv')
    const row = (i: number) => {
      const open = 100 + rise * i
      return [3_600 * i, open, open + 1, open - 1, open + rise, 5, 3].join()
    }
    writeFileSync(place, `${Array.from({ length: 100 }, (_, i) => row(i)).join('\n')}\n`)
    return place
  }
  const small = { columns: ['portfolios.baseline.trades'], params: { pairs: ['XBTUSD'] }, engine: 'inline' } as const
  const design = grid({ minConfidence: [0.5, 0.9] })

  it('runs every point on them, to their end or part of it, and is continued on the same files alone', async () => {
    const out = folder()
    const market = candles(0.1)
    const { table } = await sweep('trifecta', design, { ...small, market, out })
    expect(table().column('steps')).toEqual([100, 100])
    const { made } = await sweep('trifecta', design, { ...small, market: candles(0.1), out })
    expect(made).toBe(0)
    await expect(sweep('trifecta', design, { ...small, market: candles(0.2), out })).rejects.toThrow(
      /the same files of the market as it began with/,
    )
    await expect(sweep('trifecta', design, { ...small, out })).rejects.toThrow(/the same files of the market/)
    const part = await sweep('trifecta', design, { ...small, market, to: 49 * 3_600_000 })
    expect(part.table().column('steps')).toEqual([50, 50])
  })

  it('is refused where the files are not there, or the scenario has no market', async () => {
    await expect(sweep('trifecta', design, { ...small, market: 'no.csv' })).rejects.toThrow(/no\.csv/)
    await expect(sweep('wealth', grid({}), { market: candles(0), engine: 'inline' })).rejects.toThrow(
      '`market`: expected a scenario with a market, got "wealth".',
    )
  })
})
