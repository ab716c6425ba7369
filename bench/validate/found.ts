/** Whether an approval names a planted cause. */

import type { PlantedCause } from '../../src/market/index.js'
import type { Approved, SwarmFigures } from './swarm-run.js'

/** `effect`: driver, pair and sign, through whichever lag; `lag`: that too; `exact`: as a level over the planted horizon besides. */
export type Likeness = 'effect' | 'lag' | 'exact'

type Named = Pick<PlantedCause, 'driver' | 'pair' | 'sign' | 'lag' | 'horizon'>

export function namesCause({ pattern, sign }: Approved, cause: Named, likeness: Likeness): boolean {
  const [driver, transform, lag, pair, horizon] = pattern.split('|')
  if (driver !== cause.driver || pair !== cause.pair || sign !== cause.sign) return false
  if (likeness === 'effect') return true
  const exact = transform === 'level' && Number(horizon) === cause.horizon
  return Number(lag) === cause.lag && (exact || likeness === 'lag')
}

/** Step of the first approval that names the cause; undefined where none does. */
export function stepFound({ approvals }: SwarmFigures, cause: Named, likeness: Likeness): number | undefined {
  return approvals.find(approval => namesCause(approval, cause, likeness))?.step
}
