import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readReportData, reportParts, writeReport } from '../../src/report/index.js'
import { atHour, memoryRun, pastTrade, recollection } from './memory-runs.js'

async function sectionOf(directory: string): Promise<{ text: string }> {
  const page = readFileSync(await writeReport(directory), 'utf8')
  const markup = /<section id="memory"[\s\S]*?<\/section>/.exec(page)?.[0] ?? ''
  return { text: markup.replace(/<[^>]*>/g, ' ').replace(/[\s\u00a0]+/g, ' ') }
}

it('tells of an idea what memory did to its confidence, the nearest trades with their results, and which features make the distance', async () => {
  const trades = [pastTrade(0), pastTrade(1), pastTrade(30)]
  const said = recollection({
    idea_id: 'PatternLearner-3:30:0',
    decided_at: atHour(30),
    nearest: 'mycelial:1:PatternLearner-3:0 mycelial:0:PatternLearner-3:0 mycelial:99:PatternLearner-3:0',
    distances: '0.125 0.5 0.75',
  })
  const { text } = await sectionOf(memoryRun(trades, [said]))
  expect(text).toContain(
    'Memory changed the confidence of 4 of 5 ideas, by 1.100 on average: 1 refused, 2 sized up, 1 sized down.',
  )
  expect(text).toContain('PatternLearner-3:30:0 2 Jan 2024, 06:00 UTC 1.200 won $12.34')
  expect(text).toContain(
    'So the confidence went from 50 % to 60 %. Of the weight of 3, 2 had won; 1 is of trades on patterns of the same moat, 1 of them won.',
  )
  expect(text).toMatch(
    /mycelial:1:PatternLearner-3:0, SOLUSD long: lost \$7\.00 \(−0\.35 % of the entry\), distance 0\.125: (?:RSI|MACD|moats) \d/,
  )
  expect(text).toMatch(
    /mycelial:0:PatternLearner-3:0, SOLUSD long: won \$12\.34 \(\+0\.62 % of the entry\), distance 0\.500: RSI /,
  )
  // One that the ledger does not have is named, and said to be of an earlier run.
  expect(text).toContain('mycelial:99:PatternLearner-3:0, of an earlier run, distance 0.750')
})

it('maps wins and losses, and names the axes by what they are made of', async () => {
  const directory = memoryRun(
    Array.from({ length: 9 }, (_, i) => pastTrade(i)),
    [],
  )
  const { text } = await sectionOf(directory)
  expect(text).toContain('5 wins, 4 losses')
  const { parts } = reportParts(await readReportData(directory), undefined)
  const drawn = parts.array('panel/Map%20of%20past%20trades//group') ?? []
  expect(Array.from(drawn).filter(group => group === 0)).toHaveLength(5)
  expect(parts.json('panel/Map%20of%20past%20trades//groups')).toEqual(['win', 'loss'])
  expect(text).toMatch(
    /To the right: .*(RSI|MACD|true range) [+−]\d\.\d\d.* \(\d+ % of the variance\)\. Upwards: .*% of the variance/,
  )
  expect(text).toContain('Memory knew no similar trade for any idea.')
})

it('says that there is no trade, or no record of what memory said', async () => {
  expect((await sectionOf(memoryRun([], []))).text).toContain('No trade of the mycelial portfolio was finished.')
  expect((await sectionOf(memoryRun([pastTrade(1)], undefined))).text).toContain('This run kept no record of what memory said.')
})
