/** Pairs that may not be entered, and pairs that alone may; each for good or until an instant. */

import type { TimeMs } from '../../../core/index.js'
import { intersection, union } from '../limit.js'
import { type PairEntry, pairEntries, readPairEntry } from '../pair-entry.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

const isOf = (entry: PairEntry, pair: string) => entry.pair === pair || entry.written === pair

/** Lists as they were read: each is read once, not for every intent. */
const read = new WeakMap<readonly string[], readonly PairEntry[]>()

function entriesOf(list: readonly string[]): readonly PairEntry[] {
  let known = read.get(list)
  if (known === undefined) {
    known = list.map(readPairEntry)
    read.set(list, known)
  }
  return known
}

/** The pairs that both lists name, each until the earlier of its instants. */
function bothLists(a: readonly string[], b: readonly string[]): string[] {
  return [...latest(a)].flatMap(([pair, { line, until }]) => {
    const other = latest(b).get(pair)
    if (other === undefined) return []
    return [other.until < until ? other.line : line]
  })
}

/** Of each pair of a list the line that holds longest. */
function latest(list: readonly string[]): Map<string, { readonly line: string; readonly until: TimeMs }> {
  const byPair = new Map<string, { readonly line: string; readonly until: TimeMs }>()
  for (const line of list) {
    const { pair, until } = readPairEntry(line)
    if (!((byPair.get(pair)?.until ?? Number.NEGATIVE_INFINITY) >= until)) byPair.set(pair, { line, until })
  }
  return byPair
}

/** True where a list of what is allowed names the pair, and its instant is still to come. An instant that is none has passed. */
function allowsPair(list: readonly string[], pair: string, time: TimeMs): boolean {
  for (const entry of entriesOf(list)) if (isOf(entry, pair) && time < entry.until) return true
  return false
}

/** True where a list of what is forbidden names the pair, unless its instant has come. An instant that is none never comes. */
function forbidsPair(list: readonly string[], pair: string, time: TimeMs): boolean {
  for (const entry of entriesOf(list)) if (isOf(entry, pair) && !(time >= entry.until)) return true
  return false
}

export const blackList = defineRule({
  code: 'forbiddenPair',
  limits: { blackList: union(pairEntries, 'pairs that may not be entered, each for good or `PAIR until TIME`') },
  unit: 'pair',
  boundary: 'at its instant an entry of the list no longer holds',
  source: 'compliance lists; freqtrade’s pair lock',
  allows: ({ pair, time }, _, { blackList = [] }) => (forbidsPair(blackList, pair, time) ? none : all),
})

export const whiteList = defineRule({
  code: 'unlistedPair',
  limits: {
    whiteList: intersection(pairEntries, 'pairs that alone may be entered, each for good or `PAIR until TIME`', {
      join: bothLists,
    }),
  },
  unit: 'pair',
  boundary: 'at its instant an entry of the list no longer holds',
  source: 'compliance lists',
  allows: ({ pair, time }, _, { whiteList = [] }) => (allowsPair(whiteList, pair, time) ? all : none),
})
