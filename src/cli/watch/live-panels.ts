/** Panels of what a live run's model does not hold: its feeds, its links and queues, and what came of commands. */

import type { Panel, TableRow, TextData } from '../../model/index.js'
import type { LiveStatus } from '../../world/index.js'
import { duration } from '../text.js'

/** `status`: the newest one; undefined before the first. */
export function livePanels(status: () => LiveStatus | undefined): Readonly<Record<string, Panel>> {
  return {
    Feeds: {
      kind: 'table',
      tab: 'Health',
      about: 'Each source of data: its state, how old its newest data are, and what was taken and refused.',
      columns: ['feed', 'state', 'last data', 'taken', 'refused', 'failure'],
      empty: 'No feed has started yet.',
      look: () => feedRows(status()),
    },
    'Links and queues': {
      kind: 'text',
      tab: 'Health',
      about: 'What the run says of itself, and the counters of its feed, its bus to other processes, its loop and its journal.',
      look: () => linksOf(status()),
    },
    Commands: {
      kind: 'table',
      tab: 'Health',
      about: 'The newest commands of operators, and what came of each; those that wait act at the next tick.',
      columns: ['command', 'reason', 'outcome'],
      empty: 'No operator has said anything.',
      look: () => commandRows(status()),
    },
  }
}

function feedRows(status: LiveStatus | undefined): TableRow[] {
  const { feeds = [], updatedAt = 0, stalePairs = [] } = status ?? {}
  const age = (at: number | null) => (at === null ? 'none yet' : `${duration(updatedAt - at)} ago`)
  const stale = stalePairs.map(({ pair, state }) => `${pair}: ${state}`)
  return feeds.map(({ name, state, lastDataAt, taken, refused, failure, counters }, i) => ({
    cells: { feed: name, state, 'last data': age(lastDataAt), taken, refused, failure: failure ?? '' },
    // The market's feed comes first.
    detail: [...(i === 0 ? stale : []), ...Object.entries(counters).map(([what, n]) => `${what}: ${n}`)],
  }))
}

function linksOf(status: LiveStatus | undefined): TextData {
  if (status === undefined) return { lines: ['The run has not said anything yet.'] }
  const { conditions, counters, missed, rejected, timing, heapBytes } = status
  const counted = Object.entries(counters).flatMap(([part, all]) =>
    Object.entries(all).map(([what, n]) => [`${part}: ${what}`, n] as const),
  )
  return {
    lines: conditions.map(({ text }) => text),
    figures: {
      'messages missed': missed,
      'frames rejected': rejected,
      'last commit, ms': timing.commitMs,
      'last tick, ms': timing.tickMs,
      'longest tick, ms': timing.longestTickMs,
      'heap, MB': Math.round(heapBytes / 1e6),
      ...Object.fromEntries(counted),
    },
  }
}

function commandRows(status: LiveStatus | undefined): TableRow[] {
  const { pending = [], commands = [] } = status ?? {}
  const waiting = pending.map(({ command, reason }) => ({ cells: { command, reason, outcome: 'waits for the next tick' } }))
  return [...waiting, ...[...commands].reverse().map(({ command, reason, outcome }) => ({ cells: { command, reason, outcome } }))]
}
