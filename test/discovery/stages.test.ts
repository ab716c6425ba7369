import { describe, expect, it } from 'vitest'
import plantedDense from '../../scenarios/planted-dense.js'
import type { ConfirmationTask } from '../../src/agents/mycelial/topics.js'
import { ApprovalVerdicts, Candidates, ConfirmationTasks, ConfirmationVerdicts } from '../../src/agents/mycelial/topics.js'
import type { ApprovalVerdict, Candidate, ConfirmationVerdict } from '../../src/discovery/index.js'
import { stageAfter } from '../../src/discovery/index.js'
import { wilson } from '../../src/experiment/statistics/index.js'
import { simulate } from '../../src/model/index.js'
import { times } from '../tier.js'

const screenBars = 240

describe('the life of a hypothesis', () => {
  it('lets no bar serve a hypothesis in two stages; no verdict comes before a stage is over', () => {
    const sim = simulate(plantedDense, { seed: 5, collect: false })
    /** Per hypothesis, the last bar that a stage has used or will use. */
    const served = new Map<number, number>()
    const begun = { confirmations: 0, approvals: 0 }
    sim.tap((topic, message) => {
      const { steps } = sim.model
      if (topic === Candidates) {
        const { hypothesis, step } = message as Candidate
        expect(step - screenBars, `screen of hypothesis ${hypothesis}`).toBeGreaterThanOrEqual(served.get(hypothesis) ?? 0)
      } else if (topic === ConfirmationTasks) {
        const { hypothesis, stage } = (message as ConfirmationTask).confirmation
        expect(stage.from, `confirmation of hypothesis ${hypothesis}`).toBeGreaterThanOrEqual(
          Math.max(steps, served.get(hypothesis) ?? 0),
        )
        served.set(hypothesis, stage.until)
        begun.confirmations++
      } else if (topic === ConfirmationVerdicts) {
        const { hypothesis, confirmed } = message as ConfirmationVerdict
        expect(steps, `verdict on hypothesis ${hypothesis}`).toBeGreaterThanOrEqual(
          served.get(hypothesis) ?? Number.POSITIVE_INFINITY,
        )
        if (confirmed) served.set(hypothesis, stageAfter(steps).until)
      } else if (topic === ApprovalVerdicts) {
        const { hypothesis } = message as ApprovalVerdict
        expect(steps, `approval of hypothesis ${hypothesis}`).toBeGreaterThanOrEqual(
          served.get(hypothesis) ?? Number.POSITIVE_INFINITY,
        )
        begun.approvals++
      }
    })
    sim.run({ steps: times(3_600, 5_000) })
    expect(begun.confirmations).toBeGreaterThan(times(300, 500))
    expect(begun.approvals).toBeGreaterThan(0)
  })
})

describe('the interval of a rate', () => {
  it('is Wilson’s', () => {
    expect(wilson(36, 40).map(x => Math.round(1_000 * x))).toEqual([769, 960])
    expect(wilson(0, 200)[0]).toBe(0)
  })
})
