/** Code: public repositories of a language made in the last day, as GitHub's search counts them (10 searches a minute without a key). */

import { DAY_MS } from '../../core/index.js'
import { moatStreams } from '../../market/index.js'
import { dayOf, type MoatSource, numberAt } from './source.js'

/** https://docs.github.com/en/rest/search/search#search-repositories */
export const github: MoatSource = {
  name: 'github',
  moat: 'code',
  url: 'https://api.github.com',
  env: 'MYCELIA_GITHUB_URL',
  intervalMs: 7_000,
  pollMs: 600_000,
  headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
  questions: moatStreams.code.map(language => ({
    path: now =>
      `/search/repositories?q=${encodeURIComponent(`language:${language} created:>=${dayOf(now - DAY_MS)}`)}&per_page=1`,
    read: answer => ({ [language]: numberAt(answer, 'total_count') }),
  })),
}
