/** Data that grow old: from the fortieth minute on fetches bring nothing and no news are written, and users enter nothing on what is old. */

import { launchScenario } from 'mycelia/market'

const fails = { fromMs: 2_400_000, untilMs: 7_200_000 }

export default launchScenario({
  name: 'stale-data',
  title: 'Data that grow old',
  params: { fetchFails: fails, newsFails: fails, minConfidence: 0 },
  steps: 18_000,
})
