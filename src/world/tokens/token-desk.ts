/** The desk of an archive: what it decided before is decided again when it is opened, so that it goes on where it was, and finds what was changed. */

import {
  Desk,
  type DeskInputs,
  type DeskOutput,
  type DeskPolicy,
  deskPolicySchema,
  deskPorts,
  isReproduced,
} from '../../agents/index.js'
import { canonicalJson, OperatorError, sha256, type TimeMs, toHex } from '../../core/index.js'
import type { ArchiveReader, ArchiveRow, LinkedRow, SnapshotArchive } from '../../storage/index.js'
import { ArchiveView } from './seen.js'

interface CycleBody {
  readonly snapshots_to: number
  readonly policy: string
  readonly skips: Readonly<Record<string, number>>
}

/** Called with each cycle, in order. */
export type OnCycle = (cycle: {
  readonly inputs: DeskInputs
  readonly output: DeskOutput
  readonly policy: DeskPolicy
  readonly row: LinkedRow
}) => void

/** Decides again every cycle of an archive; `view` and `desk` stand at its end. */
export function decideAgain(archive: ArchiveReader, onCycle: OnCycle): { view: ArchiveView; desk: Desk | null } {
  const policies = new Map([...archive.rows('policies')].map(({ key, body }) => [key, deskPolicySchema.parse(JSON.parse(body))]))
  const view = new ArchiveView()
  let desk: Desk | null = null
  let decidedBy = ''
  for (const row of archive.rows('cycles')) {
    const { snapshots_to: to, policy: key } = JSON.parse(row.body) as CycleBody
    const policy = policies.get(key)
    if (policy === undefined) throw new OperatorError({ what: 'the archive', expected: `the policy ${key}`, got: 'none' })
    takeUpTo(view, archive, to)
    if (desk === null) desk = new Desk(policy)
    else if (key !== decidedBy) desk.decideBy(policy)
    decidedBy = key
    const inputs = view.inputs(row.time)
    onCycle({ inputs, output: desk.cycle(inputs), policy, row })
  }
  return { view, desk }
}

function takeUpTo(view: ArchiveView, archive: ArchiveReader, to: number): void {
  for (const row of archive.rows('snapshots', view.seq)) {
    if (row.seq > to) return
    view.take(row)
  }
}

export class TokenDesk {
  private constructor(
    private readonly desk: Desk,
    private readonly view: ArchiveView,
    private readonly policy: DeskPolicy,
  ) {}

  static open(archive: ArchiveReader, policy: DeskPolicy): TokenDesk {
    const decisions = archive.rows('paper_decisions')
    const fills = archive.rows('paper_fills')
    const { view, desk } = decideAgain(archive, ({ output }) => {
      sameRows(output.decisions, decisions)
      sameRows(output.fills, fills)
    })
    desk?.decideBy(policy)
    return new TokenDesk(desk ?? new Desk(policy), view, policy)
  }

  /** One cycle on the newest snapshots, written down in one transaction. */
  cycle(archive: SnapshotArchive, time: TimeMs): DeskOutput {
    for (const row of archive.rows('snapshots', this.view.seq)) this.view.take(row)
    const output = this.desk.cycle(this.view.inputs(time))
    const text = canonicalJson(this.policy)
    const policy = toHex(sha256(new TextEncoder().encode(text)))
    const isKnown = [...archive.rows('policies')].some(({ key }) => key === policy)
    const body: CycleBody = { snapshots_to: this.view.seq, policy, skips: output.skips }
    archive.add({
      policies: isKnown ? [] : [{ key: policy, time, body: this.policy }],
      cycles: [{ key: String(time), time, body }],
      paper_decisions: output.decisions.map(decision => ({ key: decision.id, time, body: decision })),
      paper_fills: output.fills.map((fill): ArchiveRow => ({ key: fill.decision, time, body: fill })),
    })
    return output
  }

  get equitySol(): number {
    return this.desk.equity().equity / 1e9
  }
}

function sameRows(made: readonly object[], written: Iterator<LinkedRow>): void {
  for (const each of made) {
    const { value, done } = written.next()
    if (done === true || value.body !== canonicalJson(each))
      throw new OperatorError({
        what: 'the archive',
        expected: 'decisions that its snapshots lead to',
        got: done === true ? 'fewer' : `another one at ${value.key}`,
        next: 'Check it with: mycelia tokens check. Another release may decide otherwise; trade in a new folder then.',
      })
  }
}

/** What a check of an archive found. */
export interface ArchiveCheck {
  readonly snapshots: number
  readonly cycles: number
  readonly decisions: number
  readonly fills: number
  /** One sentence each; empty where all is well. */
  readonly problems: readonly string[]
}

/** Whether every row is as it was written, every fill has one decision, and every decision is what its inputs lead to. */
export function checkArchive(archive: ArchiveReader): ArchiveCheck {
  const problems = archive.problems()
  const decided = new Map<string, string>()
  const count = { snapshots: archive.count('snapshots'), cycles: 0, decisions: 0, fills: 0 }
  if (problems.length > 0) return { ...count, problems }
  const rows = archive.rows('paper_decisions')
  const fills = archive.rows('paper_fills')
  try {
    decideAgain(archive, ({ output, policy }) => {
      count.cycles++
      const ports = deskPorts(policy)
      sameRows(output.decisions, rows)
      sameRows(output.fills, fills)
      count.fills += output.fills.length
      for (const decision of output.decisions) {
        count.decisions++
        decided.set(decision.id, decision.action)
        if (!isReproduced(decision, ports)) problems.push(`decision ${decision.id}: its inputs do not lead to it`)
      }
      for (const { decision, action } of output.fills) {
        if (decided.get(decision) !== action) problems.push(`fill ${decision}: no decision to ${action}`)
        decided.delete(decision)
      }
    })
    for (const left of [rows.next(), fills.next()])
      if (left.done !== true) problems.push(`row ${left.value.key} belongs to no cycle`)
    for (const [id, action] of decided) if (action !== 'none') problems.push(`decision ${id}: no fill`)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    problems.push(error.message)
  }
  return { ...count, problems }
}
