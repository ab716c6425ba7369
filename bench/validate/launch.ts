/** Token launches: how many graduate, whether the risk score tells rugs, and that it tells nothing where nothing shows. */

import { estimate, interval, sumOf } from '../../src/experiment/statistics/index.js'
import { brief, type Check, type CheckContext, percent, seeds } from './check.js'
import { aucOf, LAUNCH_STEPS, type LaunchFigures, launchRun } from './launch-run.js'

/** The age at which tokens are told apart, ms. */
const AGE_MS = 300_000

export const launchesCheck: Check = {
  name: 'launches',
  promise: 'about one launch in a hundred graduates',
  measured:
    'token-launch, 40 seeds × about 500 launches and an hour after the last: between 0.5 and 2 % of them sell their last token',
  async run(context) {
    const runs = runsOf(context, 'launches', 0.85)
    const launched = sumOf(runs.map(r => r.launched))
    const share = sumOf(runs.map(r => r.graduated)) / launched
    return {
      kept: share >= 0.005 && share <= 0.02,
      says: `${brief(100 * share)} % of ${launched} launches, ${brief(sumOf(runs.map(r => r.trades)) / sumOf(runs.map(r => r.traded)))} trades a launch`,
      figures: { share, launched, runs: runs.map(brieflyOf) },
      inputs: { seeds: runs.map(r => r.seed) },
    }
  },
}

export const rugScoreCheck: Check = {
  name: 'rug-score',
  promise: 'the risk score tells rugs from honest launches before they are sold',
  measured:
    'token-launch, 40 seeds × about 500 launches whose hour is over, scores at an age of five minutes: the 95 % interval over seeds of the area under the curve (rug against honest) is above 0.7',
  async run(context) {
    const runs = runsOf(context, 'rug-score', 0.85)
    const aucs = runs.map(aucOfRun)
    const [low, high] = interval(estimate(aucs))
    return {
      kept: low > 0.7,
      says: `area ${brief(sumOf(aucs) / aucs.length)} (95 % ${percent([low, high])})`,
      figures: { aucs, runs: runs.map(brieflyOf) },
      inputs: { seeds: runs.map(r => r.seed) },
    }
  },
}

export const nullLaunchCheck: Check = {
  name: 'null-launch',
  promise: 'the risk score tells nothing where nothing shows',
  measured:
    'null-launch, 40 seeds × about 500 launches whose hour is over, scores at an age of five minutes: area under the curve between 0.45 and 0.55',
  async run(context) {
    const runs = runsOf(context, 'null-launch', 0)
    const all = runs.flatMap(scoresOf)
    const auc = aucOfScores(all)
    return {
      kept: auc >= 0.45 && auc <= 0.55,
      says: `area ${brief(auc)} of ${all.length} tokens`,
      figures: { auc, runs: runs.map(brieflyOf) },
      inputs: { seeds: runs.map(r => r.seed) },
    }
  },
}

export const launchCalibrationCheck: Check = {
  name: 'launch-calibration',
  promise: 'the confidence of the trade-agent is the share that gains',
  measured:
    'token-launch, 40 seeds × about 680 launches: expected calibration error of all matured decisions, at least 2,000, at most 0.05; of those with a confidence of 0.7 or more at least 65 % gain, where there are any',
  async run(context) {
    const runs = runsOf(context, 'launch-calibration', 0.85)
    const bins = Array.from({ length: 10 }, (_, i) => {
      const of = runs.flatMap(({ reliability }) => reliability[i] ?? [])
      return { n: sumOf(of.map(b => b.n)), confidence: sumOf(of.map(b => b.confidence)), gained: sumOf(of.map(b => b.gained)) }
    })
    const matured = sumOf(bins.map(b => b.n))
    const error = sumOf(bins.map(b => Math.abs(b.gained - b.confidence))) / matured
    const sure = bins.slice(7)
    const curve = bins.filter(b => b.n > 0).map(b => `${brief(b.confidence / b.n)}: ${brief(b.gained / b.n)} of ${b.n}`)
    const [acted, won] = [sumOf(sure.map(b => b.n)), sumOf(sure.map(b => b.gained))]
    return {
      kept: matured >= 2_000 && error <= 0.05 && (acted === 0 || won / acted >= 0.65),
      says: `error ${brief(error)} of ${matured} decisions, ${brief((100 * sumOf(bins.map(b => b.gained))) / matured)} % of them gained; ${acted} with a confidence of 0.7 or more; ${sumOf(runs.map(r => r.entries))} entries; mean confidence and share that gained: ${curve.join(', ')}`,
      figures: { bins, runs: runs.map(brieflyOf) },
      inputs: { seeds: runs.map(r => r.seed) },
    }
  },
}

const made = new Map<string, LaunchFigures>()

/** The runs of a leak; those made before are not made again. */
function runsOf(context: CheckContext, label: string, leak: number): LaunchFigures[] {
  const steps = context.quick ? LAUNCH_STEPS / 2 : LAUNCH_STEPS
  return seeds(context, 40).map(seed => {
    const name = `${seed} ${leak} ${steps}`
    const known = made.get(name) ?? launchRun(seed, { leak, steps })
    made.set(name, known)
    context.note(`${label}  seed ${seed}: ${known.launched} launches, ${known.graduated} graduated`)
    return known
  })
}

function scoresOf({ scores }: LaunchFigures): LaunchFigures['scores'] {
  return scores.filter(({ ageMs }) => ageMs === AGE_MS)
}

function aucOfRun(run: LaunchFigures): number {
  return aucOfScores(scoresOf(run))
}

function aucOfScores(scores: LaunchFigures['scores']): number {
  const of = (honest: boolean) => scores.filter(({ kind }) => (kind === 'honest') === honest).map(({ score }) => score)
  return aucOf(of(false), of(true))
}

function brieflyOf({ seed, launched, graduated, trades, scores }: LaunchFigures): Record<string, number> {
  return { seed, launched, graduated, trades, collapsed: scores.filter(score => score.collapsed).length }
}
