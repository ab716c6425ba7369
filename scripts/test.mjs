/**
 * Builds `dist/` where it is older than the sources, runs vitest with its own output, then lists what was skipped and why, and ends with one line for people and machines:
 * `N passed, N failed`, with `, N skipped` after it where any. The exit code is vitest's.
 *
 *     node scripts/test.mjs [--nightly] [any vitest arguments, e.g. test/core -t "digest"]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const nightly = process.argv.includes('--nightly')
const asked = process.argv.slice(2).filter(arg => arg !== '--nightly')

const folder = mkdtempSync(join(tmpdir(), 'mycelia-test-'))
const summaryFile = join(folder, 'summary.json')
process.on('SIGINT', () => {}) // vitest, in the same process group, gets it too; we wait for its end and report
const exitCode = setUp() || runVitest()
const { passed, skipped, ...counted } = readSummary() ?? { passed: 0, failed: 0, skipped: [] }
const failed = counted.failed || (exitCode === 0 ? 0 : 1) // a run that died, or found no test, has not passed
rmSync(folder, { recursive: true })

if (skipped.length > 0) console.log('Skipped:')
for (const { file, name, reason } of skipped) console.log(`  ${file} > ${name}: ${reason ?? 'no reason given'}`)
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
process.exitCode = exitCode

/** Tests of the command run `dist/`: they must not test another build than the sources say. */
function setUp() {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/setup.mjs')], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.stderr.write('No test was run, because the set-up failed (its words are above).\n')
  return status ?? 1
}

function runVitest() {
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=./scripts/lib/summary-reporter.mjs',
  ]
  if (nightly) args.push('--config=vitest.nightly.config.ts')
  const env = { ...process.env, MYCELIA_TEST_SUMMARY: summaryFile }
  const { status, signal } = spawnSync(process.execPath, [...args, ...asked], { cwd: root, env, stdio: 'inherit' })
  return status ?? 128 + (constants.signals[signal] ?? 0)
}

function readSummary() {
  try {
    return JSON.parse(readFileSync(summaryFile, 'utf8'))
  } catch {
    return undefined // vitest died before its end, or found no test
  }
}
