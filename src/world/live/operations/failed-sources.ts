/** The sources of data that fail now, and since when: the market's feed, and the services of the moats. */

import type { FailedSource, MoatFeed, PairStatus } from '../../../feed/index.js'
import type { FeedStatus } from './feed-status.js'

export function failedSources(
  pairs: readonly PairStatus[],
  moats: Pick<MoatFeed, 'failures'> | undefined,
  feeds: readonly FeedStatus[],
): FailedSource[] {
  return [...marketFailure(pairs), ...(moats?.failures() ?? []), ...feeds.flatMap(feedFailure)]
}

/** A feed that threw is asked no more. */
function feedFailure({ name, failure, lastDataAt }: FeedStatus): FailedSource[] {
  return failure === null ? [] : [{ source: name, since: lastDataAt ?? 0, reason: failure }]
}

/** The market's feed fails where none of the pairs that it serves has fresh data. */
function marketFailure(pairs: readonly PairStatus[]): FailedSource[] {
  const served = pairs.filter(({ state }) => state !== 'missing' && state !== 'refused')
  if (served.length === 0 || served.some(({ state }) => state === 'live')) return []
  const since = Math.max(...served.map(({ lastDataAt, staleSince }) => lastDataAt ?? staleSince ?? 0))
  return [{ source: 'market', since, reason: 'no pair has fresh data' }]
}
