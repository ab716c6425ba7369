/** The scorer of headlines: against labels that were written before its lexicon, beside VADER alone, and under negation. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { financeScorer, labelOf, type SentimentScorer, vaderScorer } from '../../../src/trading/index.js'

const labels = [1, 0, -1] as const
const headlines = readFileSync(new URL('../../../data/headlines/labelled.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => line.split('\t'))
  .map(([label, text]) => ({ label: Number(label), text: text ?? '' }))

/** The mean over the labels of 2PR / (P + R). */
function macroF1(scorer: SentimentScorer): number {
  const said = headlines.map(({ text }) => labelOf(scorer.score(text)))
  const f1 = labels.map(label => {
    const right = headlines.filter((each, i) => said[i] === label && each.label === label).length
    const all = said.filter(each => each === label).length + headlines.filter(each => each.label === label).length
    return all === 0 ? 0 : (2 * right) / all
  })
  return f1.reduce((a, b) => a + b, 0) / labels.length
}

describe('the scorer of headlines', () => {
  it('agrees with the labels of at least 300 headlines by a macro-F1 of 0.70 or more, VADER alone beside it', () => {
    expect(headlines.length).toBeGreaterThanOrEqual(300)
    const [own, alone] = [macroF1(financeScorer), macroF1(vaderScorer)]
    console.info(`sentiment: macro-F1 ${own.toFixed(3)} on ${headlines.length} headlines; VADER alone ${alone.toFixed(3)}`)
    if (process.env.SHOW)
      for (const { label, text } of headlines)
        if (labelOf(financeScorer.score(text)) !== label) console.info(label, financeScorer.score(text).toFixed(2), text)
    expect(own).toBeGreaterThanOrEqual(0.7)
    expect(own).toBeGreaterThan(alone)
  })
})
