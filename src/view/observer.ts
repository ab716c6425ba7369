/**
 * Turns a simulation into parts. It only looks: no digest moves, whoever watches. What it keeps is bounded, and what it costs grows with
 * what is asked for.
 *
 * ```ts
 * const observer = new Observer(sim)
 * observer.ask([question('series', 'model')])
 * sim.step(); observer.stepped()
 * observer.look(clock)
 * observer.parts.frame(subscription.since)   // the bytes a viewer has not seen
 * ```
 */

import type { Table } from '../core/index.js'
import type { Panel, Simulation, View } from '../model/index.js'
import { aboutOf } from './about.js'
import { agentPage, pageQuestion } from './agent-page.js'
import { AgentView } from './agent-view.js'
import type { Clock } from './clock.js'
import { Collected, type HandedRows } from './collected.js'
import { Panels } from './panels.js'
import { describeParameters, type ParameterDescription } from './parameters.js'
import { Parts } from './parts.js'
import { Subscription, wordsOf } from './question.js'
import { WorldView } from './world-view.js'

/** Who observed the same run before, and the collected rows as they were at the step the simulation begins from. */
export interface ObservedBefore {
  readonly observer: Observer
  readonly rows: HandedRows
}

export class Observer {
  readonly parts: Parts
  private readonly world: WorldView
  private readonly collected: Collected
  private readonly panels: Panels
  private readonly agents = new Map<string, AgentView>()
  private readonly subscription = new Subscription()
  /** Described once: that costs more than a look. */
  private readonly parameters: readonly ParameterDescription[]

  constructor(
    private readonly sim: Simulation,
    epoch = 0,
    before?: ObservedBefore,
    /** Panels of what the model does not hold, such as its feeds. */
    extra: Readonly<Record<string, Panel>> = {},
  ) {
    const view = (sim.scenario.view ?? {}) as View<never>
    const panels = { ...((view.panels ?? {}) as unknown as Record<string, Panel>), ...extra }
    const { steps: step } = sim.model
    const readsRows = Object.values(panels).some(({ kind }) => kind !== 'lines')
    this.parts = new Parts(epoch)
    this.parameters = describeParameters(sim.scenario.params)
    this.world = new WorldView(sim, view)
    this.collected = new Collected(
      sim.tables,
      readsRows,
      before && { collected: before.observer.collected, step, rows: before.rows },
    )
    this.panels = new Panels(sim, panels, this.collected, before && { panels: before.observer.panels, step })
  }

  /** Rows that went to a sink and that panels may still read. */
  get handed(): HandedRows {
    return this.collected.handed
  }

  /** The questions of all viewers. */
  get subscribed(): readonly string[] {
    return this.subscription.questions
  }

  /** What viewers ask for besides the world, all of them together. Parts of questions that nobody asks any more are forgotten. */
  ask(questions: readonly string[]): void {
    this.subscription.ask(questions)
    if (this.parts.forgetUnasked(this.subscription.since)) {
      this.collected.rewrite()
      this.panels.rewrite()
    }
    if (!questions.some(path => path.startsWith('panel/'))) this.panels.stopListening()
    const keys = questions.map(wordsOf).flatMap(([kind, key]) => (kind === 'agent' && key !== undefined ? [key] : []))
    for (const key of this.agents.keys()) if (!keys.includes(key)) this.agents.delete(key)
    for (const key of keys) if (!this.agents.has(key)) this.agents.set(key, new AgentView(this.sim, key))
  }

  /** After each step: remembers what cannot be read later. Costs nothing where nobody asks for it. */
  stepped(): void {
    if (this.panels.readsSteps) this.sim.look(model => this.panels.stepped(model))
    for (const agent of this.agents.values()) agent.stepped()
  }

  /** Before rows go to a sink: a run that keeps its tables on disk calls it from there. */
  handing(table: Table): void {
    this.collected.handing(table)
  }

  /** Brings the parts up to the present state. Between steps. */
  look(clock: Clock): void {
    const { sim, parts } = this
    parts.advance()
    this.panels.begin()
    sim.look(() => {
      const { parameters, collected, panels } = this
      this.world.write(parts)
      const beyondLimits = { agents: this.world.agentsLikeOthers, messages: panels.messagesDropped }
      const about = { parameters, columns: collected.columns, panels: panels.describe(), beyondLimits }
      parts.setJson('about', aboutOf(sim, about))
      for (const path of this.subscription.questions) this.answer(wordsOf(path), path)
    })
    parts.setJson('clock', clock)
  }

  private answer(words: readonly string[], path: string): void {
    const [kind, name = '', choice = ''] = words
    if (kind === 'series' && name === 'model') this.collected.write(this.parts)
    else if (kind === 'panel') this.panels.write(name, choice, this.parts)
    else if (kind === 'agent') this.agents.get(name)?.write(this.parts)
    else if (kind === 'page') this.answerPage(words, path)
  }

  private answerPage(words: readonly string[], path: string): void {
    const page = pageQuestion(words)
    if (page !== undefined) this.parts.setJson(path, agentPage(this.sim, page))
  }
}
