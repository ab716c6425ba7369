/** Why nothing is traded in a live run: what the run itself stands in the way with, else what the swarm says of it. */

import { whyIdle } from '../../../agents/index.js'
import type { LiveFacts } from './status.js'

export function whyNotTraded(facts: LiveFacts): string {
  const { state } = facts
  if (state === 'stopped' || state === 'failed') return 'Nothing is traded: the run is not running.'
  if (state === 'waiting') return 'Nothing is traded yet: the exchange has not answered.'
  return whyIdle({ ...facts, warming: state === 'warming' })
}
