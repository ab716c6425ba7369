/** Contagion is detected in the step in which a consensus forms, and the consensus dissolves; without one there is no alarm. */

import { median, wilson } from '../../src/experiment/statistics/index.js'
import { type Check, percent, seeds } from './check.js'
import { nullTask } from './null-market.js'
import { denseTask } from './planted-dense.js'
import type { Contagion, SwarmTask } from './swarm-run.js'

const steps = 3_500
/** A crossing later than this does not count. */
const crossWithin = 3_000
const calmWithin = 500
const least = 39
/** What the scenario plants: driver, pair and sign. */
const plantedPolicy = 'corporations:Tech → XETHZUSD +'

export const contagionTask = (seed: number): SwarmTask => ({ scenario: 'contagion', seed, steps })

export function isCaught({ crossed, calmed, notices }: Contagion): boolean {
  return crossed > 0 && crossed <= crossWithin && notices[0] === crossed && calmed > 0 && calmed - crossed <= calmWithin
}

export const contagionCheck: Check = {
  name: 'contagion',
  promise: 'contagion is caught',
  measured: `contagion, seeds 101…140: in at least ${least} a share of 80 % is crossed within ${crossWithin} steps, announced in the same step, and below 60 % within ${calmWithin}; no announcement in any of 40 null and 40 planted runs`,
  async run(context) {
    const chosen = seeds(context, 40)
    // Seeds that were not used to choose the scenario's imitation rate (1…40 were).
    const fresh = seeds(context, 40, 101)
    const consensusPolicies = (await context.runs('contagion', fresh.map(contagionTask))).map(r => r.contagion)
    const calm = await context.runs('contagion, null', chosen.map(nullTask))
    const planted = await context.runs('contagion, planted', chosen.map(denseTask))
    const caught = consensusPolicies.filter(isCaught).length
    const alarms = [...calm, ...planted].filter(r => r.contagion.notices.length > 0)
    const crossed = consensusPolicies.filter(h => h.crossed > 0)
    return {
      kept: caught >= Math.ceil((least / 40) * chosen.length) && alarms.length === 0,
      says: `${caught} of ${consensusPolicies.length} caught (95 % ${percent(wilson(caught, consensusPolicies.length))}), median crossing at step ${median(crossed.map(h => h.crossed))}; false alarms in ${alarms.length} of ${calm.length + planted.length} runs`,
      figures: {
        caught,
        runs: consensusPolicies.length,
        crossed: crossed.length,
        announcedInTheSameStep: consensusPolicies.filter(h => h.crossed > 0 && h.notices[0] === h.crossed).length,
        /** Runs whose first consensus follows the driver that was planted, not a fashion. */
        crossedOnPlanted: consensusPolicies.filter(h => h.policy === plantedPolicy).length,
        medianCrossing: median(crossed.map(h => h.crossed)),
        medianStepsToCalm: median(crossed.filter(h => h.calmed > 0).map(h => h.calmed - h.crossed)),
        falseAlarms: alarms.length,
        largestShareNull: Math.max(...calm.map(r => r.contagion.max)),
        largestSharePlanted: Math.max(...planted.map(r => r.contagion.max)),
        perSeed: consensusPolicies.map((h, i) => ({ seed: fresh[i], ...h })),
      },
      inputs: { seeds: fresh, calmSeeds: chosen, steps },
    }
  },
}
