/** A wave of rugs: from the tenth to the thirtieth minute nine of ten launches are rugs, whoever launches them. */

import { launchScenario } from 'mycelia/market'

export default launchScenario({
  name: 'rug-wave',
  title: 'A wave of rugs',
  params: { rugWave: { fromMs: 600_000, untilMs: 1_800_000, share: 0.9 } },
})
