/** The table of `mycelial_patterns.db`: the columns of the unversioned layout first, names unchanged, then this release's. */

import { SECOND_MS } from '../core/index.js'
import type { PatternRow } from '../trading/index.js'
import { iso } from './ledger-tables.js'
import type { SqlTable } from './sql-table.js'

interface Row {
  readonly row: PatternRow
  readonly runId: string
}

/** `agent_id` is the agent's ordinal, as an integer; `agent` its whole key. */
export const patternsTable: SqlTable<Row> = {
  name: 'patterns',
  meaning: 'One row a change of a pattern’s status, from candidate on.',
  columns: {
    id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'Rows in the order they were written.' },
    agent_id: { type: 'integer', meaning: 'The agent’s ordinal.', read: r => ordinalOf(r.row.agent) },
    timestamp: { type: 'real', unit: 's since 1970, UTC', meaning: 'When it changed.', read: r => r.row.time / SECOND_MS },
    pattern_value: {
      type: 'real',
      meaning: 'Expected net return of one trade at the largest value of its driver, after decay, a share.',
      read: r => r.row.value,
    },
    raw_features: { type: 'text', meaning: 'What the change rests on, as JSON.', read: r => JSON.stringify(r.row.features) },
    age_minutes: { type: 'real', unit: 'min', meaning: 'Since the first bar of its evidence.', read: r => r.row.ageMinutes },
    decay_factor: {
      type: 'real',
      meaning: 'What is left of its value since its last proof, from 0 to 1.',
      read: r => r.row.decayFactor,
    },
    created_at: {
      type: 'text',
      sql: 'DATETIME DEFAULT CURRENT_TIMESTAMP',
      meaning: 'When it changed, ISO 8601, UTC.',
      read: r => iso(r.row.time),
    },
    moat: { type: 'text', sql: "TEXT DEFAULT 'Finance'", meaning: 'The moat of its driver.', read: r => r.row.moat },
    product: { type: 'text', sql: "TEXT DEFAULT 'Unknown'", meaning: 'What the moat sells.', read: r => r.row.product },
    signal_type: {
      type: 'text',
      sql: "TEXT DEFAULT 'market-data'",
      meaning: 'The kind of signal.',
      read: r => r.row.signalType,
    },
  },
  added: {
    pattern: { type: 'text', nullable: true, meaning: 'driver, transform, lag, pair, horizon.', read: r => r.row.pattern },
    status: { type: 'text', nullable: true, meaning: 'What it has become.', read: r => r.row.status },
    step: { type: 'integer', nullable: true, meaning: 'The step of the change.', read: r => r.row.step },
    sign: { type: 'integer', nullable: true, meaning: '1: the pair follows its driver, −1: against it.', read: r => r.row.sign },
    score: {
      type: 'real',
      nullable: true,
      meaning: 'z of the stage, in the sign of the pattern; null where it cannot be computed.',
      read: r => r.row.score,
    },
    placebo: { type: 'boolean', nullable: true, meaning: 'Whether its driver is noise.', read: r => r.row.placebo },
    agent: { type: 'text', nullable: true, meaning: 'The agent, by `roster.key`.', read: r => r.row.agent },
    run_id: { type: 'text', nullable: true, meaning: 'The run, as in its manifest.', read: r => r.runId },
    p: {
      type: 'real',
      nullable: true,
      meaning: 'One-sided p of the forward bars; null where no approval was judged.',
      read: r => r.row.p,
    },
    value_basis: {
      type: 'text',
      nullable: true,
      meaning:
        'What the value was estimated on: screened and confirmation bars chose the pattern, and flatter it. Not computed: an effect of 0.',
      read: r => r.row.valueBasis,
    },
    traded: {
      type: 'boolean',
      nullable: true,
      meaning: 'Whether it is traded: approved, and of positive value.',
      read: r => r.row.traded,
    },
  },
  onConflict: '(pattern, status, step, agent) DO NOTHING',
}

function ordinalOf(agent: string): number {
  return Number(/(\d+)$/.exec(agent)?.[1] ?? 0)
}
