/** What a purchase for a user must not have been: without a consent in force, or across a sale of another user of the operator. */

export interface ListedConsent {
  readonly user: string
  /** A token, a phase, or `all`. */
  readonly category: string
  readonly from: number
  readonly until: number | null
  readonly source: string
}

/** A trade of a user. */
export interface CheckedTrade {
  readonly user: string
  readonly token: string
  readonly buys: boolean
  readonly time: number
}

/** Whether a consent was in force for a token that was in one of these phases when it was decided. */
export function hasConsent(
  consents: readonly ListedConsent[],
  { user, token, time }: CheckedTrade,
  phases: ReadonlySet<string>,
): boolean {
  return consents.some(
    ({ user: whose, category, from, until }) =>
      whose === user &&
      (category === 'all' || category === token || phases.has(category)) &&
      time >= from &&
      (until === null || time < until),
  )
}

/** Time between a sale of one user and a purchase of another, within which both cross. */
const CROSSING_MS = 300_000

/** Purchases within five minutes after another user's sale, but for what was granted before it: a fill takes up to `fillMs`. */
export function crossedOf(trades: readonly CheckedTrade[], fillMs: number): number {
  const soldAt = new Map<string, Map<string, number>>()
  let crossed = 0
  for (const { user, token, buys, time } of trades) {
    const sold = soldAt.get(token) ?? new Map<string, number>()
    soldAt.set(token, sold)
    if (!buys) sold.set(user, time)
    else if ([...sold].some(([whose, at]) => whose !== user && time - at < CROSSING_MS && time - at > fillMs)) crossed++
  }
  return crossed
}
