/** Government: documents the United States published in the last week, all of them, the Treasury's, and those that name a region. */

import { DAY_MS, type TimeMs } from '../../core/index.js'
import { dayOf, type MoatSource, numberAt } from './source.js'

/** Conditions of the search, by stream. */
const conditions: Readonly<Record<string, string>> = {
  'US-Federal': '',
  'US-Treasury': '&conditions[agencies][]=treasury-department',
  EU: '&conditions[term]=%22European+Union%22',
  UK: '&conditions[term]=%22United+Kingdom%22',
  Asia: '&conditions[term]=China+%7C+Japan+%7C+Korea+%7C+India',
}

/** https://www.federalregister.gov/developers/documentation/api/v1: `{count, total_pages, results: […]}`. */
export const federalRegister: MoatSource = {
  name: 'federal-register',
  moat: 'government',
  url: 'https://www.federalregister.gov',
  env: 'MYCELIA_FEDERAL_REGISTER_URL',
  intervalMs: 2_000,
  pollMs: 900_000,
  questions: Object.entries(conditions).map(([stream, condition]) => ({
    path: (now: TimeMs) => {
      const since = `conditions[publication_date][gte]=${dayOf(now - 7 * DAY_MS)}`
      return `/api/v1/documents.json?per_page=1&fields[]=document_number&${since}${condition}`
    },
    read: (answer: unknown) => ({ [stream]: numberAt(answer, 'count') }),
  })),
}
