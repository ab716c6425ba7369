import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { writeReport } from '../../src/report/index.js'
import { tradingRun } from './report-runs.js'

vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, existsSync: (path: string) => !String(path).endsWith('report.js') && fs.existsSync(path) }
})

it('a report of a tree that was not built has every table, no script, and says what to do', async () => {
  const page = readFileSync(await writeReport(tradingRun()), 'utf8')
  expect(page).toContain('The charts are missing: the viewer was not built.')
  expect(page).toContain('npm run build')
  expect(page).toContain("script-src 'none'")
  expect(page.match(/<script(?! type="text\/plain")/g)).toBeNull()
  expect(page).toContain('planted cause')
})
