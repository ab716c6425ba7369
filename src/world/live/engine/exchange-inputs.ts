/** What the exchange says besides the market, as inputs of a tick: rules of orders, a clock that disagrees, histories that come late. */

import type { LiveModel, SwarmInput } from '../../../agents/index.js'
import type { ListedRules, LiveFeed } from '../../../feed/index.js'
import { formatTimeframe, type InstrumentTable } from '../../../market/index.js'
import { demandsSame, type InstrumentRules, instrumentRules } from '../../../trading/index.js'
import { instrumentsOf } from '../../pairs.js'
import { ruleChanges } from './rule-changes.js'

/** What is read of the swarm: its own state decides whether there is news, so a restart repeats none. */
export type ExchangeView = Pick<LiveModel, 'rules' | 'clockOffSince' | 'barMs' | 'params'>

export class ExchangeInputs {
  /** Says of which pairs the operator wrote the rules. */
  private readonly instruments: InstrumentTable

  constructor(
    private readonly feed: Pick<LiveFeed, 'takeRules' | 'clockOffsetMs' | 'takeHistory'>,
    private readonly model: ExchangeView,
    private readonly onNote: (sentence: string) => void,
  ) {
    this.instruments = instrumentsOf(model.params)
  }

  take(now: number): SwarmInput[] {
    return [...this.rules(), ...this.clock(now)]
  }

  /** One history at a time; live bars of its pair wait until it is observed. */
  takeHistory(): SwarmInput[] {
    const history = this.feed.takeHistory?.()
    return history === undefined ? [] : [{ kind: 'history', ...history }]
  }

  private rules(): SwarmInput[] {
    const listed = (this.feed.takeRules?.() ?? []).flatMap(said => {
      const before = this.model.rules.get(said.pair)
      return before === undefined ? [] : [{ pair: said.pair, before, after: rulesOf(said) }]
    })
    const changed = listed.filter(({ before, after }) => !demandsSame(before, after))
    const kept = changed.filter(({ pair }) => this.instruments.isOwn(pair))
    const taken = changed.filter(({ pair }) => !this.instruments.isOwn(pair))
    if (taken.length > 0) this.onNote(`Orders obey the exchange's rules from now on: ${ruleChanges(taken)}.`)
    if (kept.length > 0)
      this.onNote(`The exchange's rules differ from your instruments, which stay in force: ${ruleChanges(kept)}.`)
    return taken.map(({ pair, after }) => ({ kind: 'rules', pair, rules: after }))
  }

  /** Entries wait while the clocks are more than a bar apart: ages and horizons would be wrong by that much. */
  private clock(now: number): SwarmInput[] {
    const offsetMs = this.feed.clockOffsetMs?.() ?? null
    if (offsetMs === null) return []
    const { clockOffSince, barMs } = this.model
    const isOff = Math.abs(offsetMs) > barMs
    if (isOff === (clockOffSince !== undefined)) return []
    const bar = formatTimeframe(barMs)
    this.onNote(
      isOff
        ? `No entries: this machine's clock is more than a bar (${bar}) away from the exchange's. They go on once it is right.`
        : `Entries go on: this machine's clock is within a bar (${bar}) of the exchange's again.`,
    )
    return [{ kind: 'clock', since: isOff ? now : null }]
  }
}

function rulesOf({ tickSize, lotDecimals, orderMin, costMin }: ListedRules): InstrumentRules {
  return instrumentRules({ tickSize, lotDecimals, orderMin, costMinUsd: costMin })
}
