/** Token launches: how many graduate, whether the risk score tells rugs, and that it tells nothing where nothing shows. */

import { estimate, interval, studentP, sumOf } from '../../src/experiment/statistics/index.js'
import { brief, type Check, type CheckContext, percent, seeds } from './check.js'
import { aucOf, LAUNCH_STEPS, type LaunchFigures, type LaunchTask, launchRun } from './launch-run.js'

/** The age at which tokens are told apart, ms. */
const AGE_MS = 300_000
/** The world as it is. */
const standard = { leak: 0.85 }
/** The null: two users, who move few prices, and enter whatever is surest. */
const nothingShows = { leak: 0, minConfidence: 0, users: 2 }

export const launchesCheck: Check = {
  name: 'launches',
  promise: 'about one launch in a hundred graduates',
  measured:
    'token-launch, 40 seeds × about 500 launches and an hour after the last: between 0.5 and 2 % of them sell their last token',
  async run(context) {
    const runs = runsOf(context, 'launches', standard)
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
    const runs = runsOf(context, 'rug-score', standard)
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

export const rugFilterCheck: Check = {
  name: 'rug-filter',
  promise:
    'the risk score tells rugs nearly as well as who knows the parameters of the world, and what users enter collapses more rarely',
  measured:
    'token-launch, 40 seeds × about 500 launches whose hour is over, at an age of five minutes: area under the curve at least 0.95 times that of the posterior given the world’s parameters; after entries of users fewer tokens fall by 80 % within the hour than after entries of equal phase drawn by chance, p below 0.01 over seeds',
  async run(context) {
    const runs = runsOf(context, 'rug-filter', standard)
    const own = aucOfScores(runs.flatMap(scoresOf))
    const reference = aucOfScores(runs.flatMap(run => scoresOf(run).map(s => ({ ...s, score: run.references.get(s.pair) ?? 0 }))))
    const falls = fallsOf(runs)
    return {
      kept: own >= 0.95 * reference && falls.difference < 0 && falls.p < 0.01,
      says: `area ${brief(own)}, of the posterior ${brief(reference)}: ${brief(own / reference)} of it; ${brief(100 * falls.own)} % of ${falls.entries} entries collapsed within the hour, ${brief(100 * falls.random)} % of those at random (p ${brief(falls.p)})`,
      figures: { own, reference, falls, runs: runs.map(brieflyOf) },
      inputs: { seeds: runs.map(r => r.seed) },
    }
  },
}

export const launchEdgeCheck: Check = {
  name: 'launch-edge',
  promise: 'entries of the trade-agent gain more than entries drawn by chance, and where nothing shows they do not',
  measured:
    'token-launch, 40 seeds × about 680 launches: net return a trade above that of an entry of equal phase and size drawn by chance, left by the same rule: p below 0.01 over seeds; null-launch with two users and any confidence: the 95 % interval of the difference contains 0',
  async run(context) {
    const runs = runsOf(context, 'launch-edge', standard)
    const nulls = runsOf(context, 'launch-edge, null', nothingShows)
    const edge = edgeOf(runs)
    const none = edgeOf(nulls)
    return {
      kept: edge.difference > 0 && edge.p < 0.01 && none.interval[0] <= 0 && none.interval[1] >= 0,
      says: `${brief(100 * edge.own)} % a trade against ${brief(100 * edge.random)} % at random, of ${edge.trades} trades of ${edge.seeds} seeds (p ${brief(edge.p)}); null: difference ${percent(none.interval)} of ${none.trades} trades`,
      figures: { edge, null: none, runs: runs.map(brieflyOf) },
      inputs: { seeds: runs.map(r => r.seed) },
    }
  },
}

/** Mean net returns of both, seed by seed, and how sure the difference is. */
function edgeOf(all: readonly LaunchFigures[]) {
  const runs = all.filter(({ own }) => own.length > 0)
  const mean = (of: (run: LaunchFigures) => readonly number[]) => runs.map(run => sumOf(of(run)) / of(run).length)
  const [own, random] = [mean(run => run.own), mean(run => run.random)]
  const difference = estimate(own.map((x, i) => x - (random[i] ?? 0)))
  const p = studentP(difference.mean / difference.error, Math.max(1, difference.n - 1))
  return {
    seeds: runs.length,
    trades: sumOf(runs.map(run => run.own.length)),
    own: sumOf(own) / own.length,
    random: sumOf(random) / random.length,
    difference: difference.mean,
    interval: interval(difference),
    p,
  }
}

/** Collapses after entries, against those after entries of equal phase drawn by chance: a share of entries for each seed, and Student’s p of the difference. */
function fallsOf(runs: readonly LaunchFigures[]) {
  const of = runs.map(run => run.fallen).filter(({ entries }) => entries > 0)
  const difference = estimate(of.map(({ entries, own, random }) => (own - random) / entries))
  const entries = sumOf(of.map(f => f.entries))
  return {
    entries,
    own: sumOf(of.map(f => f.own)) / entries,
    random: sumOf(of.map(f => f.random)) / entries,
    difference: difference.mean,
    p: studentP(difference.mean / difference.error, Math.max(1, difference.n - 1)),
  }
}

export const nullLaunchCheck: Check = {
  name: 'null-launch',
  promise: 'the risk score tells nothing where nothing shows',
  measured:
    'null-launch, 40 seeds × about 500 launches whose hour is over, scores at an age of five minutes: area under the curve between 0.45 and 0.55',
  async run(context) {
    const runs = runsOf(context, 'null-launch', nothingShows)
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
    const runs = runsOf(context, 'launch-calibration', standard)
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

/** Runs of such parameters; those made before are not made again. */
function runsOf(context: CheckContext, label: string, params: Omit<LaunchTask, 'steps'>): LaunchFigures[] {
  const steps = context.quick ? LAUNCH_STEPS / 2 : LAUNCH_STEPS
  return seeds(context, 40).map(seed => {
    const name = JSON.stringify([seed, params, steps])
    const known = made.get(name) ?? launchRun(seed, { ...params, steps })
    made.set(name, known)
    context.note(`${label}  seed ${seed}: ${known.launched} launches, ${known.graduated} graduated, ${known.own.length} trades`)
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

function brieflyOf({ seed, launched, graduated, trades, scores, own, random, fallen }: LaunchFigures): Record<string, unknown> {
  const mean = (returns: readonly number[]) => (returns.length === 0 ? null : sumOf(returns) / returns.length)
  const collapsed = scores.filter(score => score.collapsed).length
  return { seed, launched, graduated, trades, collapsed, own: mean(own), random: mean(random), fallen }
}
