/** Which ideas of the swarm met one of the baseline that agrees, which missed one and by how much, and what chance alone would give. */

import type { Row } from '../../../core/index.js'
import type { PanelContext, TextPanel, TimelineEvent, TimelinePanel } from '../../../model/index.js'
import { runOf } from '../../../model/index.js'
import {
  type Coincidences,
  chanceStream,
  collisionsByChance,
  figureText,
  type IdeaColumns,
  reach,
} from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'
import { numberIn, numbersOf, rounded } from './cells.js'

/** Ideas of the swarm on the timeline: the newest. */
export const ideasShown = 300

export const collisions: TimelinePanel<Swarm> = {
  kind: 'timeline',
  tab: 'Ideas',
  about:
    'Ideas of the swarm by pair: one that met an idea of the baseline in the same direction is a collision; of the others, how far the nearest one was.',
  look: context => {
    const met = new Map(
      context.rows('decisions').flatMap(row => (row.portfolio === 'synthesized' ? [[row.idea_id, row] as const] : [])),
    )
    const ideas = context.rows('ideas')
    const baseline = byPairAndDirection(ideas.filter(({ source }) => source === 'baseline'))
    const windowMs = context.model.params.collisionWindowMs
    const events = ideas
      .filter(({ source }) => source === 'mycelial')
      .slice(-ideasShown)
      .map(idea => {
        const decision = met.get(idea.id ?? null)
        if (decision !== undefined) return metEvent(idea, decision)
        return missedEvent(idea, baseline.get(`${idea.pair} ${idea.direction}`) ?? [], windowMs)
      })
    return { lanes: context.model.pairs, events }
  },
}

function byPairAndDirection(ideas: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const idea of ideas) {
    const key = `${idea.pair} ${idea.direction}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [idea])
    else group.push(idea)
  }
  return groups
}

function metEvent(idea: Row, { agreeing_idea_id, outcome, time }: Row): TimelineEvent {
  const detail = [`The baseline idea ${agreeing_idea_id} agreed.`, `What the synthesized portfolio made of it: ${outcome}.`]
  return eventOf(idea, 'met', 'met', [
    ...detail,
    `Decided ${figureText(numberIn(time) - numberIn(idea.decided_at), 'time')} after the idea.`,
  ])
}

/** By how much: the time between the ideas, less what would still have been a collision. */
function missedEvent(idea: Row, others: readonly Row[], windowMs: number): TimelineEvent {
  const nearest = nearestTo(idea, others)
  if (nearest === undefined)
    return eventOf(idea, 'alone', 'alone', ['No idea of the baseline about this pair and direction is known.'])
  const apart = apartMs(idea, nearest)
  const within = reach(windowMs, numberIn(idea.bar_ms), numberIn(nearest.bar_ms))
  if (apart < within)
    return eventOf(idea, 'missed', 'missed', [
      `The baseline idea ${nearest.id} agreed, but it met another idea or came before trading began.`,
    ])
  const by = figureText(apart - within, 'time')
  return eventOf(idea, 'missed', `missed by ${by}`, [
    `The nearest baseline idea that agreed, ${nearest.id}, was ${figureText(apart, 'time')} away; less than ${figureText(within, 'time')} is a collision.`,
  ])
}

function nearestTo(idea: Row, others: readonly Row[]): Row | undefined {
  let nearest: Row | undefined
  for (const other of others) if (nearest === undefined || apartMs(idea, other) < apartMs(idea, nearest)) nearest = other
  return nearest
}

function apartMs(a: Row, b: Row): number {
  return Math.abs(numberIn(a.decided_at) - numberIn(b.decided_at))
}

function eventOf(idea: Row, group: string, label: string, detail: readonly string[]): TimelineEvent {
  const what = numberIn(idea.direction) > 0 ? 'rises' : 'falls'
  return {
    lane: String(idea.pair),
    time: numberIn(idea.decided_at),
    group,
    label: `${idea.agent}: it ${what} · ${label}`,
    detail: [`Idea ${idea.id}.`, ...detail],
  }
}

/** Chance is asked again every so many steps: it costs some milliseconds. */
const stepsPerChance = 50
const shifts = 200

interface Estimate {
  readonly step: number
  readonly same: Coincidences
}

const estimates = new WeakMap<Swarm, Estimate>()

export const chance: TextPanel<Swarm> = {
  kind: 'text',
  tab: 'Ideas',
  about:
    'Collisions that were seen, against those that chance alone gives: the same ideas, shifted in time. A small chance says that swarm and baseline agree more often than that.',
  look: context => {
    const trader = context.model.traders.at(0)
    const { same, step } = chanceOf(context)
    return {
      figures: {
        'collisions in all': trader?.collisions.seen ?? 0,
        'ideas of the swarm in all': trader?.ideas.mycelial ?? 0,
        'ideas of the baseline in all': trader?.ideas.baseline ?? 0,
        'seen among the newest ideas': same.seen,
        'expected by chance': rounded(same.byChance),
        'standard deviation of that': rounded(same.sd),
        'chance of so many': rounded(same.p, 4),
        'as of step': step,
      },
    }
  },
}

function chanceOf(context: PanelContext<Swarm>): Estimate {
  const { model } = context
  const step = model.steps - (model.steps % stepsPerChance)
  const known = estimates.get(model)
  if (known !== undefined && (known.step === step || model.steps < known.step + stepsPerChance)) return known
  const pairs = new Map(model.pairs.map((pair, i) => [pair, i]))
  const ideas = context.rows('ideas')
  const of = (source: string) =>
    columnsOf(
      ideas.filter(idea => idea.source === source),
      pairs,
    )
  const { collisionWindowMs: windowMs } = model.params
  const { same } = collisionsByChance(of('mycelial'), of('baseline'), { shifts, windowMs, rng: chanceStream(runOf(model).seed) })
  const now = { step: model.steps, same }
  estimates.set(model, now)
  return now
}

function columnsOf(ideas: readonly Row[], pairs: ReadonlyMap<string, number>): IdeaColumns {
  return {
    time: numbersOf(ideas, 'decided_at'),
    pair: Uint16Array.from(ideas, ({ pair }) => pairs.get(String(pair)) ?? 0),
    direction: Int8Array.from(ideas, ({ direction }) => numberIn(direction)),
    barMs: numbersOf(ideas, 'bar_ms'),
  }
}
