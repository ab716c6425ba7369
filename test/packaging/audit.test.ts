/** P2: no known hole in what ships, nothing unsigned. Both ask the registry, and are skipped where it does not answer that. */
import { describe, expect, it } from 'vitest'
import { type Ended, root, run } from './npm.js'

const TIMEOUT_MS = 120_000
const AT_ONCE = ['--json', '--fetch-retries=0']

/** What npm printed as JSON, or why there is none. */
function answer({ stdout, stderr }: Ended): { report?: Record<string, unknown>; reason: string } {
  const words = stderr.split('\n').find(line => /^npm (error|ERR!)/.test(line)) ?? 'npm printed nothing that can be read'
  try {
    const report = JSON.parse(stdout)
    if (report.error) return { reason: withoutHosts(report.message || report.error.summary || report.error.code) }
    return { report, reason: '' }
  } catch {
    return { reason: withoutHosts(words) }
  }
}

const withoutHosts = (text: unknown): string => String(text).replace(/https?:\/\/\S+/g, '<registry>')

describe('supply chain', () => {
  it('P2: npm audit finds nothing high or critical in the run-time dependencies', { timeout: TIMEOUT_MS }, ctx => {
    const { report, reason } = answer(
      run(root, 'npm', ['audit', '--omit=dev', '--audit-level=high', ...AT_ONCE], process.env, TIMEOUT_MS / 2),
    )
    if (!report) return ctx.skip(`the registry did not answer npm audit: ${reason}`)
    const { vulnerabilities } = report as { vulnerabilities: Record<string, { severity: string }> }
    expect(Object.entries(vulnerabilities).filter(([, { severity }]) => severity === 'high' || severity === 'critical')).toEqual(
      [],
    )
  })

  it('P2: every package is signed by its registry', { timeout: TIMEOUT_MS }, ctx => {
    const { report, reason } = answer(run(root, 'npm', ['audit', 'signatures', ...AT_ONCE], process.env, TIMEOUT_MS / 2))
    if (!report) return ctx.skip(`the registry did not answer npm audit signatures: ${reason}`)
    const { missing, invalid } = report as { missing: unknown[]; invalid: unknown[] }
    expect({ missing, invalid }).toEqual({ missing: [], invalid: [] })
  })
})
