/** How old data may be, and what is done where they are not as they should be: one table for each kind of data. */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'

/** When data were fetched or written, and how they came; null where there are none. */
export interface Arrival {
  readonly time: TimeMs
  /** `older`: in the form of an older release, read with defaults; `broken`: half-written, or not to be read. */
  readonly form: 'whole' | 'older' | 'broken'
}

/** What a decision is made of: the user's snapshot, the token's market data, its news, and what people say of it. */
export type Dataset = 'user' | 'snapshot' | 'news' | 'social'

/** `half`: a neutral vote and half the size; `neutral`: as if they were not there; `none`: no entry. */
export type Freshness = 'use' | 'half' | 'neutral' | 'none'

/** What is done, and the code of the reason; null: nothing is wrong. */
export interface FreshnessVerdict {
  readonly action: Freshness
  readonly reason: string | null
}

type Trouble = 'missing' | 'future' | 'broken' | 'stale' | 'old' | 'older'

/** From which age on data are old, and from which stale. */
const [OLD_MS, STALE_MS] = [30 * MINUTE_MS, 45 * MINUTE_MS] as const

/** Data without which nothing is entered, that may be used at half the size for a while, and that rules alone ask. */
const needed: Readonly<Record<Trouble, Freshness>> = {
  missing: 'none',
  future: 'none',
  broken: 'none',
  stale: 'none',
  old: 'none',
  older: 'use',
}
const heard = { ...needed, old: 'half' } as const
const optional = {
  missing: 'neutral',
  future: 'neutral',
  broken: 'neutral',
  stale: 'neutral',
  old: 'neutral',
  older: 'use',
} as const

const actions: Readonly<Record<Dataset, Readonly<Record<Trouble, Freshness>>>> = {
  user: needed,
  snapshot: needed,
  news: heard,
  social: optional,
}

/** What is done with data of that age and form now. */
export function freshnessOf(dataset: Dataset, arrival: Arrival | null, now: TimeMs): FreshnessVerdict {
  const trouble = troubleOf(arrival, now)
  if (trouble === null) return { action: 'use', reason: null }
  const action = actions[dataset][trouble]
  // What is as useless after thirty minutes as after forty-five is stale from then on.
  const code = trouble === 'old' && action !== 'half' ? 'stale' : trouble
  return { action, reason: `${code}${dataset.charAt(0).toUpperCase()}${dataset.slice(1)}` }
}

function troubleOf(arrival: Arrival | null, now: TimeMs): Trouble | null {
  if (arrival === null) return 'missing'
  if (arrival.form === 'broken') return 'broken'
  if (!(arrival.time <= now)) return 'future'
  if (now - arrival.time > STALE_MS) return 'stale'
  if (now - arrival.time > OLD_MS) return 'old'
  return arrival.form === 'older' ? 'older' : null
}
