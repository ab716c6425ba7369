/** Every run says why it ended, alike in its result, its manifest, its report and the terminal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import { runSummary } from '../../src/cli/run-summary.js'
import { Agent, defineScenario, Model, z } from '../../src/index.js'
import { RunDirectory } from '../../src/storage/index.js'
import { type RunRequest, run } from '../../src/world/index.js'

const when = z.number().default(0)
const params = z.object({ stop: when, fail: when })

class Person extends Agent<Town> {}
class Town extends Model<typeof params> {
  override setup() {
    this.spawn(3, Person)
  }
  override step() {
    if (this.steps === this.params.stop) this.stop('everybody is content')
    if (this.steps === this.params.fail) throw new Error('tired')
  }
}
const town = defineScenario({ name: 'town', title: 'Town', model: Town, params, agents: { Person } })

/** Candles of one pair, fewer than the steps. */
function candles(place: string): string {
  const file = join(place, 'XBTUSD_60.csv')
  const from = Date.UTC(2023, 0, 1) / 1000
  writeFileSync(file, Array.from({ length: 30 }, (_, i) => `${from + i * 3600},100,101,99,100,5,3\n`).join(''))
  return file
}

interface Case {
  readonly asked: (place: string) => Partial<RunRequest>
  readonly status: string
  readonly ended: { by: string; why: string | RegExp }
  readonly page: RegExp
  readonly terminal?: string
}

const stopped = new AbortController()
stopped.abort('SIGINT')

const cases: Record<string, Case> = {
  'the steps that were asked for': {
    asked: () => ({ steps: 1_000 }),
    status: 'finished',
    ended: { by: 'steps', why: 'the 1,000 steps asked for are done' },
    page: /It ended because the 1,000 steps asked for are done\./,
    terminal: 'Ended: the 1,000 steps asked for are done\n',
  },
  'its model': {
    asked: () => ({ steps: 20, params: { stop: 7 } }),
    status: 'finished',
    ended: { by: 'model', why: 'everybody is content' },
    page: /It ended because the model stopped: everybody is content\./,
    terminal: 'Ended: the model stopped: everybody is content\n',
  },
  'its data': {
    asked: place => ({ scenario: trifecta, market: candles(place), pairs: ['XBTUSD'] }),
    status: 'finished',
    ended: { by: 'data', why: 'end of data' },
    page: /It ended because the data ended\./,
    terminal: 'Ended: the data ended\n',
  },
  'a signal': {
    asked: () => ({ steps: 20, signal: stopped.signal }),
    status: 'interrupted',
    ended: { by: 'signal', why: 'stopped by SIGINT at step 0' },
    page: /^$/,
  },
  'a failure': {
    asked: () => ({ steps: 20, params: { fail: 5 } }),
    status: 'failed',
    ended: { by: 'error', why: /endings\.test\.ts:\d+:\d+: step 5, seed 1: Error: tired\.$/ },
    page: /It ended early, in step 5.*Everything up to step 4 is kept/s,
  },
}

it.each(Object.entries(cases))('a run that ends by %s', async (_, { asked, status, ended, page, terminal }) => {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-endings-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const out = join(place, 'out')
  const result = await run({ scenario: town, ...asked(place), out }).catch(() => undefined)
  const said = { by: ended.by, why: typeof ended.why === 'string' ? ended.why : expect.stringMatching(ended.why) }
  expect(RunDirectory.read(out).manifest).toMatchObject({ status, ended: said })
  if (terminal !== undefined) {
    expect(result?.ended).toEqual(said)
    expect(result && runSummary(result, [], undefined)).toContain(terminal)
  }
  if (status !== 'interrupted') expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(page)
})
