/** The decision record from the command line: checked, and written as text. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import { csvCell } from '../../src/storage/export-table.js'
import { readTable } from '../../src/storage/index.js'
import { run } from '../../src/world/index.js'
import { command } from './in-process.js'

let folder: string
let made: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mycelia-record-'))
  made = join(folder, 'run')
  await run({ scenario: 'trifecta', seed: 1, steps: 400, out: made, params: { baselineRule: 'talkative' } })
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('data check says of a run that its decisions are as they were written, and fails where they are not', async () => {
  const { records } = JSON.parse(readFileSync(join(made, 'manifest.json'), 'utf8'))
  expect(records.decisions.rows).toBeGreaterThan(100)
  expect(await command(['data', 'check', made])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`decisions as they were written, head ${records.decisions.head}`),
  })
  const manifest = readFileSync(join(made, 'manifest.json'), 'utf8')
  writeFileSync(join(made, 'manifest.json'), manifest.replaceAll(records.decisions.head, '0'.repeat(64)))
  const failed = await command(['data', 'check', made, '--json'])
  writeFileSync(join(made, 'manifest.json'), manifest)
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('has 1 problems') })
  expect(JSON.parse(failed.stdout).problems).toEqual([
    expect.stringMatching(/^decisions\.parquet: after step \d+ it is not the record/),
  ])
})

test('every trade is opened by exactly one decision, renewals included, and every decision leads to its ideas', async () => {
  const decisions = (await readTable(join(made, 'decisions.parquet'), 'all')) ?? {}
  const trades = (await readTable(join(made, 'trades.parquet'), ['trade_id', 'idea_id'])) ?? {}
  const ideas = new Set((await readTable(join(made, 'ideas.parquet'), ['id']))?.id)
  expect(decisions.outcome).toContain('renewal')
  const opening = (trade: unknown) => (decisions.trade_id ?? []).flatMap((id, i) => (id === trade ? [i] : []))
  expect(trades.trade_id?.length).toBeGreaterThan(10)
  trades.trade_id?.forEach((trade, i) => {
    const rows = opening(trade)
    expect(rows, String(trade)).toHaveLength(1)
    expect(decisions.idea_id?.[rows[0] as number]).toBe(trades.idea_id?.[i])
  })
  const set = decisions.trade_id?.filter(id => id !== null) ?? []
  expect(new Set(set).size).toBe(set.length)
  const named = [...(decisions.idea_id ?? []), ...(decisions.agreeing_idea_id ?? []).filter(id => id !== null)]
  expect(named.filter(id => !ideas.has(id))).toEqual([])
})

test('trades are exported as CSV that a spreadsheet reads, and as JSON lines, row by row as the table has them', async () => {
  const trades = (await readTable(join(made, 'trades.parquet'), 'all')) ?? {}
  const n = trades.trade_id?.length ?? 0
  expect(await command(['data', 'export', made], folder)).toMatchObject({
    code: 0,
    stdout: `${n} trades in historical_trades.csv.\n`,
  })
  const [head, first, ...more] = readFileSync(join(folder, 'historical_trades.csv'), 'utf8').split('\r\n')
  expect(head).toBe(Object.keys(trades).join(','))
  expect(more).toHaveLength(n)
  expect(first?.split(',')[1]).toBe(trades.trade_id?.[0])
  const json = ['data', 'export', made, '--table', 'decisions', '--as', 'jsonl', '--out', 'd.jsonl']
  expect(await command(json, folder)).toMatchObject({ code: 0 })
  const lines = readFileSync(join(folder, 'd.jsonl'), 'utf8').trimEnd().split('\n')
  expect(JSON.parse(lines[0] as string)).toMatchObject({ id: 1, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) })
  expect(await command(json, folder)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected a file that is not there yet'),
  })
  expect(readFileSync(join(folder, 'd.jsonl'), 'utf8').trimEnd().split('\n')).toEqual(lines)
})

test('what came into a run from outside is exported row by row; a run that nothing came into has no such table', async () => {
  const moved = join(folder, 'moved')
  const params = { width: 10, height: 10, residents: 60 }
  await run({ scenario: schelling, steps: 5, out: moved, params, onBegun: begun => begun.change('wanted', 5) })
  expect(await command(['data', 'export', moved, '--table', 'inputs', '--as', 'jsonl'], folder)).toMatchObject({
    code: 0,
    stdout: '1 inputs in inputs.jsonl.\n',
  })
  expect(JSON.parse(readFileSync(join(folder, 'inputs.jsonl'), 'utf8'))).toMatchObject({
    kind: 'change',
    key: 'wanted',
    old: '3',
    value: '5',
  })
  const none = await command(['data', 'export', made, '--table', 'inputs'], folder)
  expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/table of .*"inputs"/) })
  expect(existsSync(join(folder, 'inputs.csv'))).toBe(false)
})

test('any table of a run is exported, its numbers as they are', async () => {
  const { code, stdout } = await command(['data', 'export', made, '--table', 'model'], folder)
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/model in model\.csv/) })
  expect(readFileSync(join(folder, 'model.csv'), 'utf8').split('\r\n')[0]).toMatch(/^step,/)
})

test('a text that a spreadsheet would run is escaped, a number is not', () => {
  expect(['=1+1', '+1', '-1', '@x', '\tx', '\rx'].map(csvCell)).toEqual(["'=1+1", "'+1", "'-1", "'@x", "'\tx", '"\'\rx"'])
  expect([-1, 0.5, true, null, 'a-b', 'a,"b"'].map(csvCell)).toEqual(['-1', '0.5', 'true', '', 'a-b', '"a,""b"""'])
})

test('an export of nothing that is there is refused with the next move', async () => {
  const cases: [args: string[], said: string][] = [
    [[join(folder, 'none')], 'expected a manifest.json in it'],
    [[made, '--table', 'fees'], 'table of'],
    [[made, '--table', '../run/trades'], 'table of'],
    [[made, '--as', 'xlsx'], 'Allowed choices are csv, jsonl'],
    [[made, '--out', join(folder, 'nowhere', 'x.csv')], 'nowhere'],
  ]
  for (const [args, said] of cases) {
    const { code, stderr } = await command(['data', 'export', ...args], folder)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) })
  }
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
})
