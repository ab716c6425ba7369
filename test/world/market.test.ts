/** The market of a run: simulate and run make the same one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Scenario, simulate, sparseMarket, swarmScenario } from 'mycelia'
import { describe, expect, it, onTestFinished } from 'vitest'
import contagion from '../../scenarios/contagion.js'
import trifecta from '../../scenarios/trifecta.js'
import { OperatorError } from '../../src/core/index.js'
import { run } from '../../src/world/index.js'
import { HashSink } from '../../src/world/replay/hash-sink.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-market-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const few = { financeLearners: 6 }

async function bothWays(scenario: Scenario, params: Record<string, unknown>, steps: number) {
  const { digest, outputs } = await run({ scenario, params, steps, seed: 5, out: join(folder(), 'out') })
  const sink = new HashSink()
  const sim = simulate(scenario, { params, seed: 5, sink })
  sim.run({ steps })
  sim.finish()
  sim.flush()
  return { ran: { digest, outputs }, simulated: { digest: sim.digest, outputs: sink.outputs() } }
}

describe('simulate and run with the same parameters', () => {
  it.each([
    ['the default pairs', trifecta, few],
    ['one pair', trifecta, { ...few, pairs: ['SOLUSD'], dataMiners: 1 }],
    ['pairs by other names', trifecta, { ...few, pairs: ['eth/usd', 'XBTUSD'], dataMiners: 2 }],
    ['a market whose cause drives a pair left out', contagion, { ...few, pairs: ['XETHZUSD'], dataMiners: 1 }],
  ])('D1: make the same market, digest and tables for %s', { timeout: 60_000 }, async (_name, scenario, params) => {
    const { ran, simulated } = await bothWays(scenario as unknown as Scenario, params, 150)
    expect(simulated).toEqual(ran)
  })

  it('both refuse a description with a misspelt pair, whatever pairs are chosen', async () => {
    const cause = { kind: 'dense', driver: 'code:Rust', pair: 'SOLUSF' } as const
    const scenario = swarmScenario({ name: 'misspelt', title: 'x', market: sparseMarket({ causes: [cause] }) })
    const params = { pairs: ['XXBTZUSD'] }
    const asked = { scenario: scenario as unknown as Scenario, params, steps: 1, out: join(folder(), 'out') }
    await expect(run(asked)).rejects.toThrow('Did you mean "SOLUSD"?')
    expect(() => simulate(scenario, { params }).run({ steps: 1 })).toThrow('Did you mean "SOLUSD"?')
  })

  it('simulate says of a scenario on files that run reads them', () => {
    const worlds = { run: { market: { kind: 'files', path: 'candles' } } }
    const onFiles = { ...trifecta, worlds }
    expect(() => simulate(onFiles)).toThrow(OperatorError)
    expect(() => simulate(onFiles)).toThrow('Use run() from mycelia/node')
  })
})
