/** The chance that a launch is a rug, for whoever is told the parameters of the world, but neither kinds nor plans: what risk scores are measured against. */

import { isRug, type LaunchKind, launchKinds, manners } from '../../src/agents/launch/kinds.js'
import type { LaunchParameters } from '../../src/agents/launch/launch-parameters.js'
import type { LaunchToken } from '../../src/agents/launch/token.js'
import { newCurve, SOL, tokensFor } from '../../src/exchange/index.js'

/** Until then a rug whose kind shows has not sold with this chance: it waits 40 s or two minutes, and then six on average. */
function notSold(kind: LaunchKind, ageMs: number): number {
  if (!isRug(kind)) return 1
  const least = kind === 'instantRug' ? 40_000 : 120_000
  return Math.exp(-Math.max(0, ageMs - least) / 360_000)
}

/** How likely each manner makes what can be seen: what the creator bought, the wallets of the launch, and what is said. */
function likelihoodOf(looks: LaunchKind, token: LaunchToken): number {
  const { devSol, bundledWallets, moodSd } = manners[looks]
  const [least, most] = devSol.map(sol => tokensFor(newCurve(token.curve.terms), sol * SOL))
  const bought = token.creatorBought
  if (least === undefined || most === undefined) return 0
  // Its wallets trade with each other later, but what it bought in the launch is its own.
  const inRange = bought >= least * 0.999 && bought <= most * 1.001
  let likely = inRange ? 1 / (most - least) : 1e-12 / (most - least)
  likely *= token.launchBuyers === 1 + bundledWallets ? 1 : 1e-3
  const { minutes } = token
  for (let i = 0; i + 1 < minutes.length; i++) {
    const [before, last] = [minutes[i - 1]?.close, minutes[i]?.close]
    const moved = before === undefined || last === undefined ? 0 : last / before - 1
    const off = (minutes[i]?.mood ?? 0) - moved / 2
    // Moods end at ±1; there a deviation says nothing more.
    if (Math.abs(minutes[i]?.mood ?? 0) < 1) likely *= Math.exp(-(off * off) / (2 * moodSd * moodSd)) / moodSd
  }
  return likely
}

/** The chance of a rug by Bayes’ rule. `records`: how a creator’s launches before ended. */
export function rugChance(token: LaunchToken, params: LaunchParameters, now: number): number {
  if (token.rugged) return 1
  const { kinds, leak, reputationNoise } = params
  const all = launchKinds.reduce((sum, kind) => sum + kinds[kind], 0)
  const prior = (kind: LaunchKind) => kinds[kind] / all
  const hidden = launchKinds.reduce((sum, looks) => sum + prior(looks) * likelihoodOf(looks, token), 0)
  let [rug, honest] = [0, 0]
  for (const kind of launchKinds) {
    // A creator that mostly launches rugs is known for bad launches, and so the other way round.
    const known = isRug(kind) ? (1 - leak) * 0.4 + 0.02 : leak + (1 - leak) * 0.4
    const off = (token.reputation - known) / Math.max(0.25, reputationNoise)
    const reputed = Math.exp((-off * off) / 2)
    const shown = leak * prior(kind) * likelihoodOf(kind, token) * notSold(kind, now - token.launchedAt) * reputed
    const weight = shown + (1 - leak) * prior(kind) * hidden
    if (isRug(kind)) rug += weight
    else honest += weight
  }
  return rug / (rug + honest)
}
