/** What a headline says of a price, from −1 to 1: the scorer port, VADER's rules for general words, and the lexicon of this field before them. */

import vader from 'vader-sentiment'
import { math } from '../../core/index.js'
import { financeLexicon } from './lexicon.js'

/** Scores plain text from −1, bad, to 1, good; 0: neither. Synchronous and pure: a slower one is a request whose answer comes later. */
export interface SentimentScorer {
  readonly name: string
  score(text: string): number
}

/** VADER's constant: a sum of 4 becomes 0.72. */
const ALPHA = 15
/** Beyond this a headline is good or bad. */
export const NEUTRAL_WITHIN = 0.12

/** VADER as its authors made it. */
export const vaderScorer: SentimentScorer = {
  name: 'vader',
  score: text => vader.SentimentIntensityAnalyzer.polarity_scores(text).compound,
}

/** VADER, and before it the words of this field. */
export const financeScorer: SentimentScorer = { name: 'vader-finance', score: scoreFinance }

/** What a score says: 1 good, −1 bad, 0 neither. */
export function labelOf(score: number): 1 | 0 | -1 {
  return score > NEUTRAL_WITHIN ? 1 : score < -NEUTRAL_WITHIN ? -1 : 0
}

interface Phrase {
  readonly words: readonly string[]
  readonly value: number
}

/** By their first letter, longer phrases first: the longest that fits wins. */
const phrases = byFirstLetter(financeLexicon)

function byFirstLetter(lexicon: Readonly<Record<string, number>>): ReadonlyMap<string, readonly Phrase[]> {
  const letters = new Map<string, Phrase[]>()
  for (const [text, value] of Object.entries(lexicon)) {
    const first = text[0] ?? ''
    const list = letters.get(first) ?? []
    list.push({ words: text.split(' '), value })
    letters.set(first, list)
  }
  const firstWord = ({ words }: Phrase) => words[0]?.length ?? 0
  for (const list of letters.values()) list.sort((a, b) => b.words.length - a.words.length || firstWord(b) - firstWord(a))
  return letters
}

/** Words that turn what follows around, as far away as VADER looks. */
const negations = new Set(
  'not no never none without neither nor cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt hasnt havent denies denied deny avoids avoided avoid rules'.split(
    ' ',
  ),
)
const NEGATED = -0.74
const REACH = 3

function scoreFinance(text: string): number {
  const words = wordsOf(text)
  let sum = 0
  for (let i = 0; i < words.length; ) {
    const phrase = phraseAt(words, i)
    // A general word says less of a price than one of the field.
    const value = phrase === undefined ? GENERAL * generalValue(words[i] as string) : phrase.value
    if (value !== 0) sum += value * (isNegated(words, i) ? NEGATED : 1)
    i += phrase?.words.length ?? 1
  }
  return sum / Math.sqrt(sum * sum + ALPHA)
}

const GENERAL = 0.5
const generalLimits = { words: 20_000 } as const
/** What VADER gives a word alone: it takes milliseconds, because the package reads its whole lexicon each time. */
const generalValues = new Map<string, number>()

function generalValue(word: string): number {
  let value = generalValues.get(word)
  if (value === undefined) {
    value = negations.has(word) ? 0 : sumOf(vaderScorer.score(word))
    if (generalValues.size >= generalLimits.words) generalValues.clear()
    generalValues.set(word, value)
  }
  return value
}

function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replace(/[’']s\b/g, '')
    .replace(/n[’']t\b/g, 'nt')
  return plain.match(/[a-z0-9%$-]+/g) ?? []
}

function phraseAt(words: readonly string[], at: number): Phrase | undefined {
  return phrases.get(words[at]?.[0] ?? '')?.find(({ words: wanted }) => wanted.every((word, i) => fits(words[at + i], word)))
}

function fits(word: string | undefined, wanted: string): boolean {
  if (word === undefined) return false
  return wanted.endsWith('*') ? word.startsWith(wanted.slice(0, -1)) : word === wanted
}

function isNegated(words: readonly string[], at: number): boolean {
  for (let i = Math.max(0, at - REACH); i < at; i++) if (negations.has(words[i] as string)) return true
  return false
}

/** The sum of which VADER's compound is made. */
function sumOf(compound: number): number {
  return compound === 0
    ? 0
    : (Math.sign(compound) * Math.sqrt(ALPHA) * Math.abs(compound)) / Math.sqrt(Math.max(1e-9, 1 - compound * compound))
}

/** The mean of several headlines about one thing, a doubtful one left out: beyond three median deviations from the median. */
export function withoutOutliers(values: readonly number[]): readonly boolean[] {
  if (values.length < 5) return values.map(() => true)
  const middle = median(values)
  const deviation = 1.4826 * median(values.map(value => Math.abs(value - middle)))
  return values.map(value => deviation === 0 || Math.abs(value - middle) <= 3 * deviation)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}

const LN2 = Math.LN2

/** Half of it is gone after `halfMs`. */
export function decayOf(ageMs: number, halfMs: number): number {
  return math.exp((-LN2 * Math.max(0, ageMs)) / halfMs)
}
