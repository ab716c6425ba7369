/** A compute pool on the viewer's page: its panels, read again and again from its service. */

import { TransientError } from '../../core/index.js'
import type { Model, PanelContext } from '../../model/index.js'
import type { PoolClient } from '../../pool/index.js'
import { type About, type Clock, Parts, question, Subscription } from '../../view/index.js'
import { type PoolState, poolPanels, poolState } from './pool-panels.js'
import type { Readable } from './tables.js'

/** Between two readings, ms. */
const everyMs = 2_000

export class PoolPage implements Readable {
  readonly goesOn = true
  readonly everyMs = everyMs
  private readonly parts = new Parts(1)
  private readonly subscription = new Subscription()
  private readonly panels = poolPanels(() => this.state)
  private state: PoolState | undefined
  private readings = 0

  constructor(
    private readonly client: PoolClient,
    private readonly url: string,
  ) {}

  get why(): string {
    return `The pool at ${this.url} is read every ${everyMs / 1_000} s.`
  }

  /** A pool that is away is shown as such. */
  async read(): Promise<boolean> {
    this.readings++
    this.state = await poolState(this.client).catch(error => {
      if (error instanceof TransientError) return undefined
      throw error
    })
    return true
  }

  ask(questions: readonly string[]): void {
    this.subscription.ask(questions)
    this.parts.forgetUnasked(this.subscription.since)
  }

  look(): Parts {
    const { parts, panels, subscription } = this
    parts.advance()
    parts.setJson('about', this.about())
    parts.setJson('space', { kind: 'none' })
    parts.setJson('types', {})
    parts.setJson('looks', [])
    for (const [title, panel] of Object.entries(panels)) {
      const name = question('panel', title, '')
      if (!subscription.questions.includes(name)) continue
      // Panels of a pool read no model.
      const shown = panel.look({} as PanelContext<Model>)
      for (const [field, value] of Object.entries(Array.isArray(shown) ? { value: shown } : shown))
        parts.setJson(`${name}/${field}`, value)
    }
    parts.setJson('clock', this.clock())
    return parts
  }

  private about(): About {
    const panels = Object.entries(this.panels).map(([title, { look: _, choices: __, ...panel }]) => ({ title, ...panel }))
    return {
      scenario: 'pool',
      title: `Compute pool at ${this.url}`,
      seed: 0,
      params: {},
      parameters: [],
      steps: null,
      layers: [],
      columns: [],
      charts: [],
      panels,
      trades: false,
      beyondLimits: { agents: 0, messages: 0 },
    }
  }

  private clock(): Clock {
    const { readings: step } = this
    const reason = this.state === undefined ? 'The pool does not answer.' : null
    const fixed = { speed: null, rate: 0, branch: 0, digest: null, earliest: step, newest: step }
    return { step, time: this.state?.at ?? 0, state: 'playing', reason, ...fixed }
  }
}
