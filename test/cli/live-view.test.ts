/** Line and panel of a live run: what an operator reads, in whatever width there is. */

import { describe, expect, it } from 'vitest'
import { fittedTable, wrapped } from '../../src/cli/fitted.js'
import { livePanel } from '../../src/cli/live-panel.js'
import { liveLine, liveView } from '../../src/cli/live-view.js'
import { described } from '../../src/world/live/operations/conditions.js'
import type { LiveFacts } from '../../src/world/live/operations/status.js'
import { facts, minutes, now, portfolio, position } from '../world/live-facts.js'

const troubled: Partial<LiveFacts> = {
  linkDownSince: now - minutes(3),
  stalePairs: [{ pair: 'ADAUSD', state: 'stale', since: now - minutes(2) }],
  failedSources: [{ source: 'sec', since: now - minutes(10), reason: 'http 503' }],
  clockOffsetMs: -120,
  lastTrade: { tradeId: 't1', portfolio: 'baseline', pair: 'SOLUSD', time: now - minutes(12), pnlUsd: 3.2, reason: 'target' },
  portfolios: {
    baseline: portfolio({
      signals: 40,
      ignored: { standing: 25, stalePair: 5 },
      positions: [
        position(),
        position({
          pair: 'ADAUSD',
          direction: -1,
          entryPriceUsd: 0.5,
          priceUsd: 0.49,
          pnlUsd: -1_234.5,
          stopUsd: 0.5145,
          targetUsd: null,
        }),
      ],
    }),
    mycelial: portfolio({
      halted: true,
      positions: [position({ pair: 'XXBTZUSD', priceUsd: null, pnlUsd: null, valueUsd: null })],
    }),
    synthesized: portfolio(),
  },
}
const panel = (width?: number, given: Partial<LiveFacts> = troubled) => livePanel(described(facts(given)), width)
const longest = (text: string) => Math.max(...text.split('\n').map(line => line.length))

describe('the line of every ten seconds', () => {
  it('carries link, stale pairs, failed sources, untraded ideas, patterns, clock and last trade', () => {
    const line = liveLine(described(facts(troubled)))
    for (const part of [
      'live, step 412',
      'link down for 3 min',
      '1 pair stale (ADAUSD for 2 min)',
      'sources failing: sec for 10 min',
      '30 of 40 signals not traded (standing 25, stalePair 5)',
      'no pattern in force: bar 412 of the 2,883',
      'clock 120 ms behind',
      'last trade baseline SOLUSD +3.20 USD 12 min ago',
    ])
      expect(line).toContain(part)
    expect(line).not.toContain('\n')
  })

  it('is said at once when a trouble begins or ends', () => {
    const heard: string[] = []
    const view = liveView({ out: () => undefined, err: text => void heard.push(text), interactive: false })
    for (const given of [{}, {}, { linkDownSince: now }, { linkDownSince: now }, {}]) view.show(described(facts(given)))
    expect(heard.map(text => text.includes('link down'))).toEqual([false, true, false])
  })
})

describe('the panel', () => {
  it('shows under headings, for each position: portfolio, price now, P&L, and how far stop and target are', () => {
    const rows = panel().split('\n')
    const head = rows.findIndex(row => row.startsWith('position'))
    const cells = (row: string | undefined) => row?.trim().split(/\s{2,}/)
    expect(cells(rows[head])).toEqual([
      'position',
      'pair',
      'side',
      'entry',
      'now',
      'P&L',
      'to stop',
      'to target',
      'value',
      'bars',
    ])
    expect(cells(rows[head + 1])).toEqual([
      'baseline',
      'SOLUSD',
      'long',
      '100.00',
      '102.00',
      '+19.60',
      '5.00 %',
      '5.00 %',
      '1,020.00',
      '12',
    ])
    expect(cells(rows[head + 2])).toEqual([
      'baseline',
      'ADAUSD',
      'short',
      '0.50000',
      '0.49000',
      '-1,234.50',
      '5.00 %',
      '–',
      '1,020.00',
      '12',
    ])
    expect(cells(rows[head + 3])).toEqual(['mycelial', 'XXBTZUSD', 'long', '100.00', '–', '–', '–', '–', '–', '12'])
    const [first, second] = [rows[head + 1] ?? '', rows[head + 2] ?? '']
    expect(first.indexOf('+19.60') + '+19.60'.length).toBe(second.indexOf('-1,234.50') + '-1,234.50'.length)
  })

  it('answers in its first lines why nothing is traded', () => {
    expect(panel().split('\n')[1]).toBe('Why: Nothing is entered: the link to the other processes is down for 3 min.')
  })

  it('has no line that is longer than the terminal, and keeps pair and P&L in the narrowest', () => {
    const long = {
      ...troubled,
      runId: 'x'.repeat(120),
      halts: [
        {
          id: 'y'.repeat(90),
          portfolio: 'all',
          pair: null,
          kind: 'operator',
          on: true,
          time: now,
          until: null,
          reason: 'a\u001b[2Jb\nc',
          ends: 'z',
        },
      ],
    }
    for (let width = 40; width <= 130; width++) {
      const text = panel(width, long)
      expect(longest(text), `at ${width} columns`).toBeLessThanOrEqual(width)
      expect(text).not.toContain('\u001b')
      expect(text).toMatch(/ADAUSD .*-1,234\.50/)
    }
    expect(panel(40)).not.toMatch(/^position.*value/m)
  })

  it('gives up columns in one order as the terminal narrows', () => {
    const heads = Array.from(
      { length: 90 },
      (_, i) =>
        /^(position|pair) .*$/m
          .exec(panel(130 - i))?.[0]
          .trim()
          .split(/\s{2,}/) ?? [],
    )
    const gone = heads[0]?.map(head => ({ head, at: heads.findIndex(shown => !shown.includes(head)) })) ?? []
    const order = gone
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)
      .map(({ head }) => head)
    expect(order).toEqual(['value', 'bars', 'entry', 'to target', 'to stop', 'now', 'side', 'position'].slice(0, order.length))
    expect(order.length).toBeGreaterThanOrEqual(5)
  })

  it('is never higher than the terminal', () => {
    const heard: string[] = []
    const view = liveView({
      out: () => undefined,
      err: text => void heard.push(text),
      interactive: true,
      size: { columns: 50, rows: 10 },
    })
    view.show(described(facts(troubled)))
    expect(heard.at(-1)?.split('\n').length).toBeLessThanOrEqual(10)
    view.note('something')
    expect(heard.at(-2)).toBe('\u001b[9A\u001b[J')
  })
})

describe('fitted text', () => {
  it('breaks between words, and within a word that is longer than a line', () => {
    expect(wrapped('one two three', 9)).toBe('one two\n  three\n')
    expect(wrapped('abcdefghij', 6)).toBe('abcd\n  efgh\n  ij\n')
  })

  it('cuts a row that even one column is too wide for', () => {
    const column = { head: 'head', cells: ['0123456789'], align: 'left', keep: 1 } as const
    expect(fittedTable([column], 6)).toBe('head\n01234…\n')
  })
})
