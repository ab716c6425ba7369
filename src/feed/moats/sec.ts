/** Corporations: current reports (form 8-K) of the last week that speak of a sector, as the SEC's full-text search counts them. */

import { DAY_MS, type TimeMs } from '../../core/index.js'
import { dayOf, type MoatSource, numberAt } from './source.js'

const words: Readonly<Record<string, string>> = {
  Tech: 'software',
  Finance: 'bank',
  Energy: 'oil',
  Retail: 'retail',
  Industry: 'manufacturing',
}

/** https://efts.sec.gov/LATEST/search-index: `{hits: {total: {value, relation}, hits: […]}}`; at most 10 requests a second, with a contact. */
export const sec: MoatSource = {
  name: 'sec',
  moat: 'corporations',
  url: 'https://efts.sec.gov',
  env: 'MYCELIA_SEC_URL',
  intervalMs: 1_000,
  pollMs: 900_000,
  questions: Object.entries(words).map(([stream, word]) => ({
    path: (now: TimeMs) => {
      const range = `dateRange=custom&startdt=${dayOf(now - 7 * DAY_MS)}&enddt=${dayOf(now)}`
      return `/LATEST/search-index?q=%22${word}%22&forms=8-K&${range}`
    },
    read: (answer: unknown) => ({ [stream]: numberAt(answer, 'hits', 'total', 'value') }),
  })),
}
