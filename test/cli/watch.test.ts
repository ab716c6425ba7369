/** The watching verbs as a person uses them: what they leave, how they end, and what they refuse. */

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { type About, type Clock, question } from '../../src/view/index.js'
import { connect } from '../server/viewer-kit.js'
import { exchange, noMoats } from './exchange.js'
import { command } from './in-process.js'
import { everything, folder, jsonOf, mycelia, needsBuild, type Running, start } from './mycelia.js'

beforeEach(needsBuild)

const small = ['--set', 'width=20', '--set', 'height=20', '--set', 'residents=300']
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

/** The page's address, once the command has said it. */
async function addressOf(running: Running): Promise<{ url: string; token: string }> {
  let said = ''
  running.child.stderr?.on('data', text => (said += text))
  await running.said('#token=')
  await expect.poll(() => said).toMatch(/#token=\S+\n/)
  const [, url = '', token = ''] = /(http:\S+)\/#token=(\S+)/.exec(said) ?? []
  return { url, token }
}

/** A page of that address that may command. */
async function pageOf(running: Running) {
  const { url, token } = await addressOf(running)
  return Object.assign(await connect(url, { hello: { token } }), { token })
}

test('run --watch ends with digest, tables and summary of the run that nobody watches', async () => {
  const cwd = folder()
  const args = ['run', 'schelling', ...small, '--seed', '4', '--steps', '3000', '--json']
  const plain = await mycelia(cwd, [...args, '--out', 'plain'])
  const running = start(cwd, [...args, '--out', 'seen', '--watch', '--port', '0'])
  const page = await pageOf(running)
  page.ask(question('series', 'model'))
  const seen = await running.ended
  expect(page.frames.length).toBeGreaterThan(0)
  expect([plain.code, seen.code]).toEqual([0, 0])
  const unlike = { runDir: expect.any(String), stepsPerSecond: expect.any(Number) }
  expect(jsonOf(seen)).toEqual({ ...jsonOf(plain), ...unlike })
  const without = (name: string) => everything(join(cwd, name)).filter(each => !each.startsWith('checkpoint'))
  expect(without('seen')).toEqual(without('plain'))
  const texts = [await command(['report', 'plain'], cwd), await command(['report', 'seen'], cwd)]
  expect(texts.map(({ code }) => code)).toEqual([0, 0])
}, 90_000)

test('run --watch that is stopped is interrupted as a plain run is, exit 130', async () => {
  const cwd = folder()
  const args = ['run', 'schelling', ...small, '--steps', '1000000', '--json', '--watch', '--port', '0']
  const running = start(cwd, [...args, '--out', 'stopped'])
  const page = await pageOf(running)
  await expect.poll(() => (page.parts.json('clock') as Clock | undefined)?.step ?? 0, { timeout: 20_000 }).toBeGreaterThan(1)
  running.child.kill('SIGINT')
  const stopped = await running.ended
  expect(stopped.code).toBe(130)
  expect(stopped.stderr).toMatch(/Stopped by SIGINT at step \d+.*Go on with: mycelia run --resume stopped/)
  expect(jsonOf(stopped)).toMatchObject({ status: 'interrupted', ended: { by: 'signal' } })
}, 90_000)

test('watch serves the run to a page that moves a parameter, and Ctrl-C leaves results that replay', async () => {
  const cwd = folder()
  const running = start(cwd, ['watch', 'schelling', ...small, '--paused', '--port', '0'], { MYCELIA_RUNS: 'runs' })
  const page = await pageOf(running)
  expect(await page.command({ do: 'step', steps: 5 })).toMatchObject({ ok: true })
  const clock = () => page.parts.json('clock') as Clock | undefined
  await expect.poll(() => clock()?.step, { timeout: 10_000 }).toBe(5)
  expect(await page.command({ do: 'change', key: 'wanted', value: 5 })).toMatchObject({ ok: true })
  expect(await page.command({ do: 'change', key: 'wantd', value: 5 })).toMatchObject({
    error: expect.stringMatching(/Did you mean "wanted"/),
  })
  await page.command({ do: 'step', steps: 5 })
  await expect.poll(() => clock()?.step, { timeout: 10_000 }).toBe(10)
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code).toBe(0)
  expect(stderr).toMatch(/The run of 10 steps is in .*schelling/)
  const replay = await command(['replay', 'runs/schelling/latest', '--json'], cwd, { MYCELIA_RUNS: 'runs' })
  expect(lastLine(replay.stdout)).toMatchObject({ agrees: true, replayed: { steps: 10, inputs: 1 } })
}, 90_000)

const model = (growth: number) => `
import { defineScenario, Model, z } from 'mycelia'
class Grows extends Model<typeof params> {
  size = 1
  override step() { this.size += ${growth} }
}
const params = z.object({ unused: z.number().default(1) })
export default defineScenario({ title: 'Grows', model: Grows, params, collect: { model: { size: m => m.size } } })
`

test('a record whose scenario file has changed shows its tables, says why, and takes no commands', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'grows.ts'), model(1))
  expect((await mycelia(cwd, ['run', './grows.ts', '--steps', '9', '--out', 'one', '--quiet'])).code).toBe(0)
  writeFileSync(join(cwd, 'grows.ts'), model(2))
  const running = start(cwd, ['watch', 'one', '--port', '0'])
  const page = await pageOf(running)
  page.ask(question('series', 'model'))
  await expect
    .poll(() => page.parts.json('clock'), { timeout: 10_000 })
    .toMatchObject({
      step: 9,
      state: 'ended',
      reason: expect.stringMatching(/scenario file has changed/),
    })
  expect((page.parts.json('about') as About).columns).toEqual(['size'])
  await expect.poll(() => [...page.parts.names()].some(name => name.startsWith('series/model/size/'))).toBe(true)
  expect(await page.command({ do: 'play' })).toMatchObject({ error: expect.stringMatching(/got "tables of a record"/) })
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code).toBe(0)
  expect(stderr).toMatch(/The scenario file has changed since the run began/)
}, 90_000)

test('a live run that is watched halts at the order of a page, refuses what it is not, and replays; another page sees that it goes on', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats }
  const args = ['live', 'trifecta', '--timeframe', '1s', '--pairs', 'XBTUSD,ETHUSD', '--out', 'runs/one', '--json']
  const running = start(cwd, [...args, '--watch', '--port', '0'], env)
  const page = await pageOf(running)
  const asked = ['Feeds', 'Links and queues', 'Commands'].map(title => question('panel', title, ''))
  page.ask(question('series', 'model'), question('panel', 'Locks', ''), ...asked)
  await running.said('live, step')
  const clock = () => page.parts.json('clock') as Clock | undefined
  await expect.poll(() => clock()?.step ?? 0, { timeout: 30_000 }).toBeGreaterThan(1)
  expect(clock()).toMatchObject({ state: 'playing' })
  expect(page.parts.json('about')).toMatchObject({ scenario: 'trifecta', trades: true })
  await expect
    .poll(() => page.parts.json(`${asked[0]}/value`), { timeout: 10_000 })
    .toMatchObject([{ cells: { feed: 'kraken' } }, { cells: { feed: 'moats' } }])
  for (const verb of ['pause', 'branch', 'reset'] as const)
    expect(await page.command({ do: verb })).toMatchObject({ error: expect.stringMatching(/A live run is not paused/) })
  expect(await page.command({ do: 'operate', order: { do: 'dance' } })).toMatchObject({
    error: expect.stringMatching(/expected halt, resume/),
  })
  expect(await page.command({ do: 'operate', order: { do: 'halt', reason: 'lunch' } })).toMatchObject({ ok: true })
  await expect
    .poll(() => page.parts.json(`${asked[2]}/value`), { timeout: 15_000 })
    .toMatchObject([{ cells: { command: 'halt', reason: 'lunch', outcome: expect.stringMatching(/No portfolio enters/) } }])
  expect(filesWith(page.token, join(cwd, 'runs/one'))).toEqual([])
  const beside = start(cwd, ['watch', 'runs/one', '--port', '0'], env)
  const reader = await pageOf(beside)
  // Its tables are those of its last checkpoint, a minute's bars after the start.
  await expect.poll(() => reader.parts.json('clock'), { timeout: 20_000 }).toMatchObject({ state: 'playing' })
  beside.child.kill('SIGINT')
  expect((await beside.ended).code).toBe(0)
  running.child.kill('SIGTERM')
  const ended = await running.ended
  expect(ended.code).toBe(0)
  const result = lastLine(ended.stdout)
  expect(result).toMatchObject({ halts: 1 })
  const again = await command(['replay', 'runs/one', '--json'], cwd, env)
  expect(lastLine(again.stdout)).toMatchObject({ agrees: true, digest: result.digest, ticks: result.ticks })
}, 120_000)

/** Files of a run that hold a text. */
function filesWith(text: string, run: string): string[] {
  return everything(run).filter(name => statSync(join(run, name)).isFile() && readFileSync(join(run, name)).includes(text))
}

test.each([
  ['a port that is none', ['watch', 'schelling', '--port', '99999'], /--port: expected .*got "?99999/],
  ['a speed that is none', ['watch', 'schelling', '--speed', 'fast'], /--speed: expected .*got "fast"/],
  ['a port without a page', ['run', 'schelling', '--port', '9000'], /--port: expected --watch beside it/],
  ['a port without a page of a live run', ['live', 'trifecta', '--port', '9000'], /--port: expected --watch beside it/],
  ['no scenario', ['watch'], /missing required argument 'scenario'/],
  ['a scenario that is not there', ['watch', 'schellin', '--port', '0'], /schellin/],
  ['a parameter that is not there', ['watch', 'schelling', '--port', '0', '--set', 'wantd=3'], /Did you mean "wanted"/],
  ['a watched run that is resumed', ['run', '--watch', '--resume', 'runs/x'], /--watch with --resume: expected a run from its/],
  ['a folder without a run', ['watch', '.', '--port', '0'], /\./],
])('%s is told in a sentence, exit 2, and nothing is made', async (_, args, says) => {
  const cwd = folder()
  const { code, stderr } = await command(args, cwd, { MYCELIA_RUNS: 'runs' })
  expect(stderr).toMatch(says)
  expect(code).toBe(2)
  expect(everything(cwd)).toEqual([])
})

test('a port that is taken is told in a sentence, exit 2, and nothing is made', async () => {
  const cwd = folder()
  const running = start(cwd, ['watch', 'schelling', ...small, '--paused', '--port', '0'], { MYCELIA_RUNS: 'elsewhere' })
  const { url } = await addressOf(running)
  const empty = folder()
  for (const args of [
    ['watch', 'schelling'],
    ['run', 'schelling', '--steps', '5', '--watch'],
  ]) {
    const { code, stderr } = await mycelia(empty, [...args, '--port', new URL(url).port], { MYCELIA_RUNS: 'runs' })
    expect(code).toBe(2)
    expect(stderr).toMatch(/--port/)
    expect(everything(empty)).toEqual([])
  }
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(0)
}, 60_000)
