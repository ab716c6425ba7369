import { it } from 'vitest'
import { narrativeRun } from '../../../bench/validate/narrative-run.js'
it('x', () => {
  const t0 = performance.now()
  for (const phi of [0.5, 1]) console.log(phi, [1, 2, 3, 4, 5, 6].map(s => narrativeRun(s, phi)).map(r => `${r.judged}:${r.t.toFixed(1)}`).join(' '))
  console.log((performance.now() - t0) / 12, 'ms a run')
}, 60000)
