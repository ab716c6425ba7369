/** Calibration finds parameters that made data, judges them by what it did not see, and goes on from where it was stopped. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineScenario, Model, z } from 'mycelia'
import { afterAll, describe, expect, it } from 'vitest'
import { calibrate, numbersIn, type Target, targetsFrom } from '../../../src/experiment/optimise/index.js'
import { command } from '../../cli/in-process.js'
import { mycelia, needsBuild } from '../../cli/mycelia.js'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'calibrate-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})

/** x grows to `level` at the pace `rate`, with noise of its own in every run. */
const params = z.object({
  rate: z.number().min(0).max(1).default(0.5),
  level: z.number().min(0).max(100).default(1),
  size: z.number().int().min(1).max(9).default(5),
})
let runs = 0
class Growth extends Model<typeof params> {
  x = 0
  noise = 0
  override setup() {
    runs++
    this.noise = 0.2 * this.stream('noise').normal()
  }
  override step() {
    const { rate, level } = this.params
    if (level > 90) throw new Error('the level is too high')
    this.x += rate * (level - this.x)
  }
  override summary() {
    return { score: { loss: (this.params.rate - 0.25) ** 2 + (this.params.size - 3) ** 2 } }
  }
}
const growth = defineScenario({
  name: 'growth',
  title: 'Growth',
  model: Growth,
  params,
  steps: 12,
  collect: { model: { x: m => m.x + m.noise } },
})
const truth = { rate: 0.3, level: 20 }
const curve = (step: number) => truth.level * (1 - (1 - truth.rate) ** step)
const series: Target[] = [1, 2, 3, 4, 6, 8, 10, 12].map(step => ({ column: 'x', step, value: curve(step), scale: 1 }))
const fit = [
  { name: 'rate', from: 0.01, to: 0.9 },
  { name: 'level', from: 1, to: 60 },
]

describe('calibration', () => {
  it('finds what made a time series, and judges it by other seeds and beside the scenario’s own parameters', async () => {
    const { fits, made, failed } = await calibrate({
      scenario: growth,
      fit,
      aim: { targets: series },
      budget: 120,
      replicates: 4,
    })
    const [{ best, objective, validation, standard, convergence, targets } = expect.fail()] = fits
    expect(Math.abs((best.rate ?? 0) - truth.rate)).toBeLessThan(0.03)
    expect(Math.abs((best.level ?? 0) - truth.level)).toBeLessThan(0.6)
    expect(objective).toBe(convergence.at(-1))
    expect(validation).toBeLessThan(0.5)
    expect(standard).toBeGreaterThan(5)
    expect(targets).toHaveLength(series.length)
    expect(targets[0]?.interval).not.toBeNull()
    expect({ made, failed }).toEqual({ made: 120 * 4 + 8, failed: 0 })
  })

  it('judges by later steps, or by what comes next in a walk forward', async () => {
    const request = { scenario: growth, fit, aim: { targets: series }, budget: 15, replicates: 2 }
    const [late] = (await calibrate({ ...request, split: 0.5 })).fits
    expect([late?.trainedOn, late?.judgedBy]).toEqual(['steps 1 to 4', 'steps 6 to 12'])
    expect(late?.targets.map(({ step }) => step)).toEqual([6, 8, 10, 12])
    const walked = await calibrate({ ...request, walkForward: 3 })
    expect(walked.fits.map(one => `${one.trainedOn}, then ${one.judgedBy}`)).toEqual([
      'steps 1 to 2, then steps 3 to 4',
      'steps 1 to 4, then steps 6 to 8',
      'steps 1 to 8, then steps 10 to 12',
    ])
  })

  it.each(['cmaes', 'gp'] as const)('by %s minimises a figure of the summary, whole numbers as such', async method => {
    const { fits } = await calibrate({
      scenario: growth,
      fit: [
        { name: 'rate', from: 0, to: 1 },
        { name: 'size', from: 1, to: 9 },
      ],
      aim: { minimise: 'score.loss' },
      method,
      budget: 60,
      replicates: 1,
    })
    expect(fits[0]?.best.size).toBe(3)
    expect(fits[0]?.best.rate).toBeCloseTo(0.25, 1)
  })

  it('turns the sign of what it maximises back', async () => {
    const aim = { maximise: 'x' }
    const { fits } = await calibrate({ scenario: growth, fit: fit.slice(1), aim, budget: 30, replicates: 2 })
    expect(fits[0]?.best.level).toBeGreaterThan(55)
    expect(fits[0]?.objective).toBeGreaterThan(50)
    expect(fits[0]?.convergence[0]).toBeLessThanOrEqual(fits[0]?.objective ?? 0)
  })

  it('by abc gives the posterior of a parameter: about the truth, as wide as the noise says', async () => {
    const aim = { targets: [{ column: 'x', step: 12, value: curve(12) }] }
    const { posterior, fits } = await calibrate({
      scenario: growth,
      fit: [{ name: 'level', from: 1, to: 60 }],
      aim,
      method: 'abc',
      params: { rate: 0.3 },
      budget: 600,
    })
    expect(fits).toEqual([])
    const [level] = posterior?.posterior ?? []
    expect(Math.abs((level?.mean ?? 0) - truth.level)).toBeLessThan(0.15)
    // x = level · (1 − 0.7¹²) + noise of sd 0.2.
    expect(Math.abs((level?.sd ?? 0) / (0.2 / (1 - 0.7 ** 12)) - 1)).toBeLessThan(0.35)
  })

  it('goes on from its folder: runs that were made are not made again, and another calibration is refused', async () => {
    const out = folder()
    const request = { scenario: growth, fit, aim: { targets: series }, budget: 40, replicates: 2, out }
    const whole = await calibrate(request)
    const file = join(out, 'runs.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, `${lines.slice(0, 31).join('\n')}\n${lines[31]?.slice(0, 20)}`)
    runs = 0
    const again = await calibrate(request)
    expect(again).toEqual({ ...whole, made: 84 - 30 })
    expect(runs).toBe(84 - 30)
    expect(readFileSync(file, 'utf8').split('\n').sort()).toEqual(lines.sort())
    expect(readFileSync(join(out, 'evaluations.csv'), 'utf8').trim().split('\n')).toHaveLength(41)
    await expect(calibrate({ ...request, seed: 2 })).rejects.toThrow(/another calibration/)
  })

  it('counts runs that fail as infinitely far away, and stops where all of them do', async () => {
    const aim = { targets: [{ column: 'x', value: 50 }] }
    const wide = [{ name: 'level', from: 1, to: 100 }]
    const { fits, failed } = await calibrate({
      scenario: growth,
      fit: wide,
      aim,
      budget: 60,
      replicates: 1,
      params: { rate: 0.9 },
    })
    expect(fits[0]?.best.level).toBeCloseTo(50, 0)
    expect(failed).toBeGreaterThan(0)
    const high = [{ name: 'level', from: 95, to: 100 }]
    await expect(calibrate({ scenario: growth, fit: high, aim, budget: 10 })).rejects.toThrow(/the level is too high/)
  })

  it('stops after the first points where no run comes to a target, and names it', async () => {
    runs = 0
    const aim = { targets: [...series, { column: 'x', step: 40, value: 20 }] }
    await expect(calibrate({ scenario: growth, fit, aim, budget: 500, replicates: 2 })).rejects.toThrow(
      /`x` at step 40: expected a value in some of the first runs/,
    )
    expect(runs).toBeLessThan(200)
  })

  it('refuses what it cannot do before any run', async () => {
    const aim = { targets: series }
    runs = 0
    const check = async (request: object, says: RegExp) =>
      expect(calibrate({ scenario: growth, fit, aim, ...request })).rejects.toThrow(says)
    await check({ fit: [{ name: 'rat', from: 0, to: 1 }] }, /Did you mean "rate"/)
    await check({ fit: [{ name: 'rate', from: 0, to: 7 }] }, /rate/)
    await check({ aim: { targets: [{ column: 'y', step: 1, value: 2 }] } }, /Unknown column "y"/)
    await check({ aim: { targets: [] } }, /one target or more/)
    await check({ method: 'bayes' }, /Unknown method "bayes"/)
    await check({ aim: { minimise: 'x' }, walkForward: 2 }, /column `step`/)
    await check({ aim: { minimise: 'x' }, method: 'abc' }, /targets/)
    expect(runs).toBe(0)
  })
})

describe('data', () => {
  it('with steps are targets at their steps, in the spread of their column; without, the mean of the observations', () => {
    const timed = targetsFrom(numbersIn('step,x\n1,2\n2,\n3,6\n', 'data'))
    expect(timed).toEqual([1, 3].map((step, i) => ({ column: 'x', step, value: [2, 6][i], scale: expect.any(Number) })))
    expect(targetsFrom(numbersIn('mean:x\r\n2\r\n4\r\n', 'data'))).toEqual([{ column: 'mean:x', value: 3, scale: Math.SQRT2 }])
    expect(targetsFrom(numbersIn('x\n5\n', 'data'))).toEqual([{ column: 'x', value: 5 }])
  })

  it('that are no numbers are refused, with their place', () => {
    expect(() => numbersIn('x\nfive\n', 'data.csv')).toThrow(/data.csv, line 2, column x: expected a number, got .*five/)
    expect(() => numbersIn('x\n', 'data.csv')).toThrow(/no numbers/)
  })
})

describe('mycelia calibrate', () => {
  it('fits a shipped scenario to a series in a file on worker threads, and prints the same from the same seed', async ctx => {
    needsBuild(ctx)
    const place = folder()
    writeFileSync(join(place, 'data.csv'), 'step,gini\n10,0.4\n40,0.5\n')
    const args = 'calibrate wealth --fit people=20:200 --to data.csv --steps 40 --replicates 2 --budget 8'.split(' ')
    const first = await mycelia(place, [...args, '--workers', '2', '--json'])
    const found = JSON.parse(first.stdout) as { fits: { best: { people: number } }[] }
    expect(Number.isInteger(found.fits[0]?.best.people)).toBe(true)
    const inline = await mycelia(place, [...args, '--engine', 'inline', '--json'])
    expect(inline.stdout).toBe(first.stdout)
    const text = await mycelia(place, [...args, '--engine', 'inline'])
    expect(text.stdout).toContain('objective on other seeds')
  })

  it('walks forward over candles: each stretch that judged a fit is the next to be fitted', async ctx => {
    needsBuild(ctx)
    const place = folder()
    const two = ['--pairs', 'SOLUSD,ADAUSD']
    expect((await mycelia(place, ['data', 'synth', '--out', 'candles', '--bars', '240', ...two])).code).toBe(0)
    const args =
      'calibrate trifecta --fit minConfidence=0.5:0.9 --maximise portfolios.baseline.equity --market candles --walk-forward 2'
    const more = ['--set', 'pairs=[SOLUSD, ADAUSD]', '--budget', '2', '--replicates', '1', '--engine', 'inline', '--json']
    const { stdout } = await mycelia(place, [...args.split(' '), ...more])
    const { fits, made, failed } = JSON.parse(stdout) as {
      fits: { trainedOn: string; judgedBy: string }[]
      made: number
      failed: number
    }
    expect({ fits: fits.length, made, failed }).toEqual({ fits: 2, made: 8, failed: 0 })
    expect(fits[1]?.trainedOn).toBe(fits[0]?.judgedBy)
    expect(fits[0]?.trainedOn).not.toBe(fits[0]?.judgedBy)
  })

  it('says what is missing or wrong', async () => {
    const said = async (args: string) => {
      const { code, stderr } = await command(args.split(' '))
      expect(code).toBe(2)
      return stderr
    }
    expect(await said('calibrate wealth --fit people=1:9')).toMatch(/--target, --to, --maximise or --minimise/)
    expect(await said('calibrate wealth --fit people=1-9 --target gini=1')).toMatch(/name=a:b/)
    expect(await said('calibrate wealth --fit people=10:90 --target gini=x')).toMatch(/column=value/)
    expect(await said('calibrate wealth --fit people=10:90 --to nowhere.csv')).toMatch(
      /--to nowhere.csv: expected a readable file/,
    )
  })
})
