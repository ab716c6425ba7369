/** The table of faults: each is found where it is and nowhere else, asks for its level, and only ever takes away. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Beat } from '../../src/ops/index.js'
import { faultsOf, type Reading } from '../../src/ops/supervise/checks.js'
import { type FaultCode, faults, levelOf, levels } from '../../src/ops/supervise/degradation.js'
import { superviseSettings } from '../../src/ops/supervise/settings.js'

const { thresholds } = superviseSettings({ children: { main: {} } })
const beat: Beat = {
  beat: 1,
  state: 'live',
  rssBytes: 1e8,
  files: 30,
  loopDelayMs: 5,
  marketDown: false,
  failed: [],
  model: null,
}
const well: Reading = {
  beat,
  journalAgeMs: 500,
  database: 'sound',
  freeBytes: 1e12,
  reached: { 'https://a.example': true },
  model: { state: 'right' },
  isDeaf: false,
}

/** A reading that shows one fault, and, where it is a measure, one that just does not. */
const shown: Partial<Record<FaultCode, readonly [Partial<Reading>, Partial<Reading>?]>> = {
  databaseDamaged: [{ database: 'damaged' }, { database: 'absent' }],
  databaseLocked: [{ database: 'locked' }],
  databaseUnreadable: [{ database: 'unreadable' }],
  diskLow: [{ freeBytes: thresholds.freeBytes - 1 }, { freeBytes: thresholds.freeBytes }],
  journalOld: [{ journalAgeMs: thresholds.journalAgeMs }, { journalAgeMs: thresholds.journalAgeMs - 1 }],
  sourcesDown: [{ beat: { ...beat, marketDown: true, failed: ['market'] } }],
  sourceDown: [{ beat: { ...beat, failed: ['a'] } }],
  modelSilent: [{ model: { state: 'silent', detail: 'no answer' } }, { beat: null }],
  modelWrong: [{ model: { state: 'wrong', detail: 'number 0' } }],
  filesHigh: [{ beat: { ...beat, files: thresholds.files } }, { beat: { ...beat, files: thresholds.files - 1 } }],
  memoryHigh: [{ beat: { ...beat, rssBytes: thresholds.rssBytes } }, { beat: { ...beat, rssBytes: thresholds.rssBytes - 1 } }],
  loopSlow: [
    { beat: { ...beat, loopDelayMs: thresholds.loopDelayMs } },
    { beat: { ...beat, loopDelayMs: thresholds.loopDelayMs - 1 } },
  ],
  deaf: [{ isDeaf: true }],
}
/** Those that no reading shows: how the process ends does. test/ops/supervisor.test.ts has each. */
const ofProcess: readonly FaultCode[] = ['ended', 'hung', 'crashLoop']

describe('the table of faults', () => {
  it('has no row without its test', () => {
    expect([...Object.keys(shown), ...ofProcess].sort()).toEqual(Object.keys(faults).sort())
  })

  it('finds nothing where all is well, and nothing in what is not known', () => {
    expect(faultsOf(well, thresholds)).toEqual([])
    const unknown = { beat: null, journalAgeMs: null, database: null, freeBytes: null, reached: {}, model: null, isDeaf: false }
    expect(faultsOf(unknown, thresholds)).toEqual([])
    expect(levelOf([])).toBe('full')
  })

  it.each(Object.entries(shown))('%s is found, alone, and asks for its level', (code, [bad, good]) => {
    const found = faultsOf({ ...well, ...bad }, thresholds)
    expect(found.map(fault => fault.code)).toEqual([code])
    expect(levelOf(found)).toBe(faults[code as FaultCode].level)
    if (good !== undefined) expect(faultsOf({ ...well, ...good }, thresholds)).toEqual([])
  })

  it('is blind where every address that must answer is away, and not where one is', () => {
    const reached = { 'https://a.example': false, 'https://b.example': true }
    expect(faultsOf({ ...well, reached }, thresholds)).toMatchObject([{ code: 'sourceDown' }])
    expect(faultsOf({ ...well, reached: { 'https://a.example': false } }, thresholds)).toMatchObject([{ code: 'sourcesDown' }])
  })

  it('says the model is silent where the child says so', () => {
    expect(faultsOf({ ...well, beat: { ...beat, model: 'Memory fails' } }, thresholds)).toEqual([
      { code: 'modelSilent', detail: 'Memory fails' },
    ])
  })

  it('lets no further fault raise the level', () => {
    const codes = Object.keys(faults) as FaultCode[]
    for (const a of codes)
      for (const b of codes)
        expect(levels.indexOf(levelOf([{ code: a }, { code: b }]))).toBe(
          Math.max(...[a, b].map(code => levels.indexOf(faults[code].level))),
        )
  })

  it('stands in docs/supervise.md, row by row', () => {
    const page = readFileSync(new URL('../../docs/supervise.md', import.meta.url), 'utf8')
    for (const [code, { level, healedBy }] of Object.entries(faults))
      expect(page).toMatch(new RegExp(`\\| \`${code}\` \\|[^|]*\\| ${level} \\| P\\d \\| ${healedBy}`))
  })
})
