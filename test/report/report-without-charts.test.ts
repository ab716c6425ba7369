import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { writeReport } from '../../src/report/index.js'
import { tradingRun } from './report-runs.js'

vi.mock('esbuild', () => ({
  buildSync: () => {
    throw new Error('Could not resolve "uplot"')
  },
}))

it('a report without its charting library has every table, no script, and says what to do', async () => {
  const page = readFileSync(await writeReport(tradingRun()), 'utf8')
  expect(page).toContain('The charts are missing: Could not resolve &quot;uplot&quot;.')
  expect(page).toContain('npm install')
  expect(page).toContain('script-src &#39;none&#39;')
  expect(page.match(/<script(?! type="application\/json")/g)).toBeNull()
  expect(page).toContain('planted cause')
})
