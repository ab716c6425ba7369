import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Cell } from '../../src/core/index.js'
import { writeReport } from '../../src/report/index.js'
import { hour, start } from '../storage/makers.js'
import { madeRun, tradingRun } from './report-runs.js'

const text = (page: string) =>
  page
    .replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ')

const decided = (portfolio: string, outcome: string, wanted = 0, allowed = 0): Record<string, Cell> => ({
  portfolio,
  outcome,
  wanted_e8: wanted,
  allowed_e8: allowed,
})
const lock = { id: 'a', portfolio: 'baseline', pair: null, kind: 'drawdown', until: null, ends: 'operator reset' }

async function sectionOf(decisions: Record<string, Cell>[], locks: Record<string, Cell>[]): Promise<string> {
  const model = [{ step: 1, time: start, baseline: 1, mycelial: 1, synthesized: 1 }]
  const page = text(readFileSync(await writeReport(madeRun({ tables: { model, decisions, locks }, patterns: [] })), 'utf8'))
  return page.slice(page.indexOf(' of the portfolios are in the table') - 12)
}

it('counts what each portfolio made of its signals, and gives the commonest reasons in words', async () => {
  const section = await sectionOf(
    [
      decided('baseline', 'entry', 300, 200),
      decided('baseline', 'renewal', 300, 300),
      decided('baseline', 'grossLimit', 300),
      decided('baseline', 'grossLimit', 300),
      decided('baseline', 'standing'),
      decided('mycelial', 'exit'),
    ],
    [],
  )
  expect(section).toContain('6 decisions of the portfolios')
  expect(section).toMatch(/Baseline 5 1 1 0 0 1 3 /)
  expect(section).toMatch(/Mycelial 1 0 0 1 0 0 0 /)
  expect(section).toContain('grossLimit All positions together would be a larger share of equity than the limit. 2')
  expect(section).toContain('No lock began.')
})

it('lists every lock from its begin to its end, and says which are in force', async () => {
  const section = await sectionOf(
    [decided('baseline', 'entry', 1, 1)],
    [
      { ...lock, on: true, time: start, reason: 'loss of 20 %' },
      { ...lock, on: false, time: start + hour, reason: 'the operator says so' },
      { ...lock, id: 'b', on: true, time: start + 2 * hour, reason: 'loss of 30 %' },
    ],
  )
  expect(section.match(/Baseline all drawdown /g)).toHaveLength(2)
  expect(section).toContain('in force; ends operator reset')
})

it('is left out for a run that kept no decisions', async () => {
  expect(readFileSync(await writeReport(tradingRun()), 'utf8')).not.toContain('<section id="decisions"')
})
