/** Runs of launches by the command: consents, refusals and limits that can be checked, and a review that is answered in a table of orders. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Compliance } from '../../src/report/index.js'
import { command } from '../cli/in-process.js'

const place = mkdtempSync(join(tmpdir(), 'mycelia-users-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** Cycles of twenty seconds; what is nearly sure waits for a reviewer. */
const parameters = {
  slotMs: 2_000,
  launchEveryMs: 4_000,
  fetchEveryMs: 20_000,
  tradeAfterMs: 5_000,
  outcomeMs: 20_000,
  horizonMs: 60_000,
  scoreAgesMin: [1],
  minConfidence: 0.4,
  reviewConfidence: 0.05,
}

async function run(name: string, more: Record<string, unknown> = {}): Promise<string> {
  writeFileSync(join(place, `${name}.yaml`), JSON.stringify({ ...parameters, ...more }))
  const args = ['run', 'token-launch', '--steps', '220', '--seed', '3', '--config', `${name}.yaml`, '--out', name, '--quiet']
  const { code, stderr } = await command(args, place)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return name
}

describe('a run with users', () => {
  beforeAll(() => run('first'))

  it('tells every consent, why decisions led to nothing, and that no limit was passed', async () => {
    const { code, stdout } = await command(['report', 'first', '--compliance', '--json'], place)
    expect(code).toBe(0)
    const found = JSON.parse(stdout) as Compliance
    expect(found.consents).toHaveLength(40)
    expect(new Set(found.consents.map(({ category }) => category))).toContain('all')
    expect(found.consents.filter(({ until }) => until !== null)).toHaveLength(4)
    expect(found.refusals.map(({ reason }) => reason)).toContain('lowConfidence')
    expect(found.entries).toBeGreaterThan(10)
    expect([found.withoutConsent, found.crossed]).toEqual([0, 0])
    for (const { used, allowed } of found.limits) expect(used).toBeLessThanOrEqual(allowed)
    expect(found.limits.find(({ limit }) => limit === 'largestTradeSol')?.used).toBeGreaterThan(0)
    for (const { share, users } of found.shares) {
      expect(share).toBeLessThanOrEqual(0.1)
      expect(users).toBeGreaterThan(0)
    }
  })

  it('prints the same for people, and stands in the report', async () => {
    const { stdout } = await command(['report', 'first', '--compliance'], place)
    expect(stdout).toMatch(/Simulated: [\d ,]+ purchases, 0 without a consent, 0 within five minutes/)
    expect(stdout).toMatch(/User-0 agrees to all, from 2024-01-01.* until withdrawal \(form\)/)
    expect(stdout).toContain('largestTradeSol')
    expect(readFileSync(join(place, 'first', 'report.html'), 'utf8')).toContain('Consents and limits')
  })

  it('lists what waits for a reviewer; answers become rows of a table that the run made again obeys', async () => {
    const { stdout } = await command(['review', 'first', '--json'], place)
    const reviews = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { id: string; kind: string })
    const waiting = reviews.filter(({ kind }) => kind === 'lowConfidence').map(({ id }) => id)
    expect(waiting.length).toBeGreaterThan(1)
    const [first = '', second = ''] = waiting
    await command(['review', 'first', '--approve', first, '--to', 'orders.csv', '--reason', 'looked, and "fine"'], place)
    await command(['review', 'first', '--refuse', second, '--to', 'orders.csv'], place)
    const orders = readFileSync(join(place, 'orders.csv'), 'utf8')
    expect(orders.split('\n').slice(0, 1)).toEqual(['at,do,what,reason'])
    await run('again', { orders })
    const { stdout: after } = await command(['review', 'again', '--json'], place)
    const states = new Map(
      after
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
        .map(({ id, status }) => [id, status]),
    )
    expect([states.get(first), states.get(second)]).toEqual(['approved', 'refused'])
  })

  it('refuses a run without users, and a review that there is none of, and writes nothing then', async () => {
    await command(['run', 'wealth', '--steps', '3', '--out', 'wealth', '--quiet'], place)
    for (const args of [
      ['report', 'wealth', '--compliance'],
      ['review', 'wealth'],
      ['review', 'first', '--approve', 'R0', '--to', 'no.csv'],
    ])
      expect((await command(args, place)).code).toBe(2)
    expect(existsSync(join(place, 'no.csv'))).toBe(false)
    expect(readdirSync(place)).toContain('first')
  })
})
