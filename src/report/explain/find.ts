/** Finds the decisions that a question is about: an idea, a trade, or a pair at an instant. */

import { closest, OperatorError, type TimeMs, unknownName } from '../../core/index.js'
import { formatTime, parseTime } from '../../market/index.js'
import type { RecordRow, RunRecord } from '../../storage/index.js'

/** `what`: the id of an idea or a trade, or `PAIR@TIME`. */
export interface Question {
  readonly what: string
  readonly portfolio?: string | undefined
}

/** What a decision did to a trade that was there already, so that it belongs to the trade's story. */
const touching = ['exit', 'renewal', 'cancelsEntry']

/** The decisions, newest first. Refuses what the record does not know, with what is nearest to it. */
export async function findDecisions(record: RunRecord, question: Question): Promise<RecordRow[]> {
  const at = question.what.lastIndexOf('@')
  const found = at < 0 ? await byId(record, question) : await byMoment(record, question, at)
  return found.sort((a, b) => Number(b.id) - Number(a.id))
}

async function byId(record: RunRecord, { what, portfolio }: Question): Promise<RecordRow[]> {
  const columns = ['portfolio', 'idea_id', 'agreeing_idea_id', 'trade_id', 'met_trade_id', 'outcome']
  const about = await record.rows('decisions', columns, row => isAbout(row, what))
  if (about.length === 0) throw await unknownId(record, what)
  const found = about.filter(row => portfolio === undefined || row.portfolio === portfolio)
  if (found.length > 0) return found
  const others = [...new Set(about.map(row => String(row.portfolio)))].join(' and ')
  throw new OperatorError({
    what: `decisions of the ${portfolio} portfolio about ${what}`,
    expected: 'at least one',
    got: 'none',
    next: `The ${others} portfolio decided about it.`,
  })
}

function isAbout(row: RecordRow, id: string): boolean {
  if (row.idea_id === id || row.agreeing_idea_id === id || row.trade_id === id) return true
  return row.met_trade_id === id && touching.includes(String(row.outcome))
}

/** The latest decision about a pair at or before an instant, in each portfolio. */
async function byMoment(record: RunRecord, { what, portfolio }: Question, at: number): Promise<RecordRow[]> {
  const [pair, time] = [what.slice(0, at), momentOf(what.slice(at + 1))]
  const pairs = new Map<string, TimeMs>()
  const latest = new Map<string, number>()
  await record.scan('decisions', ['id', 'pair', 'time', 'portfolio'], row => {
    if (portfolio !== undefined && row.portfolio !== portfolio) return
    if (!pairs.has(String(row.pair))) pairs.set(String(row.pair), Number(row.time))
    if (row.pair === pair && Number(row.time) <= time) latest.set(String(row.portfolio), Number(row.id))
  })
  if (latest.size === 0) throw noDecision(pair, time, pairs, portfolio)
  const ids = new Set(latest.values())
  return record.rows('decisions', ['id'], row => ids.has(Number(row.id)))
}

function momentOf(text: string): TimeMs {
  const time = parseTime(text)
  if (!Number.isNaN(time)) return time
  throw new OperatorError({
    what: 'the time after @',
    expected: 'an ISO time, UTC where it names no offset',
    got: text,
    next: 'Try SOLUSD@2024-05-01T10:00Z.',
  })
}

/** `pairs`: each with the time of its first decision. */
function noDecision(
  pair: string,
  time: TimeMs,
  pairs: ReadonlyMap<string, TimeMs>,
  portfolio: string | undefined,
): OperatorError {
  const first = pairs.get(pair)
  if (first === undefined) return unknownName('pair', pair, pairs.keys())
  return new OperatorError({
    what: `decisions about ${pair} at or before ${formatTime(time)}`,
    expected: 'at least one',
    got: 'none',
    next: `The first one${portfolio === undefined ? '' : ` of the ${portfolio} portfolio`} is at ${formatTime(first)}.`,
  })
}

async function unknownId(record: RunRecord, what: string): Promise<OperatorError> {
  const published = await record.rows('ideas', ['id'], row => row.id === what)
  if (published.length > 0)
    return new OperatorError({
      what: `decisions about the idea ${what}`,
      expected: 'at least one',
      got: 'none: it was published before trading began',
      next: 'Ask for a later idea.',
    })
  const ids = new Set<string>()
  await record.scan('decisions', ['idea_id', 'agreeing_idea_id', 'trade_id'], row => {
    for (const id of [row.idea_id, row.agreeing_idea_id, row.trade_id]) if (typeof id === 'string') ids.add(id)
  })
  const near = nearest(what, [...ids])
  return new OperatorError({
    what: `Unknown idea or trade "${what}"`,
    next:
      near.length > 0
        ? `Did you mean ${near.map(id => `"${id}"`).join(' or ')}?`
        : 'An idea is named like "PatternLearner-7:480:0", a trade like "mycelial:480:PatternLearner-7:0", a moment like SOLUSD@2024-05-01T10:00Z.',
  })
}

/** Ids of the agent and kind with the nearest letters, by the nearest steps. */
function nearest(what: string, ids: readonly string[]): string[] {
  const { shape, numbers } = partsOf(what)
  const known = ids.map(id => ({ id, parts: partsOf(id) }))
  const near = closest(shape, [...new Set(known.map(({ parts }) => parts.shape))])
  return known
    .filter(({ parts }) => parts.shape === near)
    .map(({ id, parts }) => ({ id, distance: distance(parts.numbers, numbers) }))
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, 3)
    .map(({ id }) => id)
}

/** `PatternLearner-7:480:0`: its agent with places for numbers, and the numbers. */
function partsOf(id: string): { shape: string; numbers: number[] } {
  const numbers: number[] = []
  const shape = id
    .split(':')
    .map(part => {
      if (!/^\d+$/.test(part)) return part
      numbers.push(Number(part))
      return '#'
    })
    .join(':')
  return { shape, numbers }
}

/** The first numbers, the steps, count first. */
function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, n, i) => sum + Math.abs(n - (b[i] ?? 0)) * 1e3 ** -i, 0)
}
