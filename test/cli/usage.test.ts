/** What the command says about bad usage: one sentence, exit 2, nothing made; help for every verb. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { command } from './in-process.js'
import { everything, folder, mycelia, needsBuild } from './mycelia.js'

beforeEach(ctx => needsBuild(ctx))

const hour = 3_600
/** `n` hourly rows of Kraken's layout from 2024-01-01 on. */
const rows = (n: number, close = (i: number) => `${100 + (i % 7)}`) =>
  Array.from({ length: n }, (_, i) => `${1_704_067_200 + i * hour},${close(i)},200,50,${close(i)},3,2\n`).join('')

/** Files that a user may have got wrong. */
function badFiles(place: string): void {
  const put = (name: string, text: string) => writeFileSync(join(place, name), text)
  put('syntax.ts', "import { z } from 'mycelia'\nconst a: = 3\n")
  put('empty.ts', 'export const nothing = 1\n')
  put('throws.ts', "throw new Error('not today')\n")
  put('params.yaml', 'people: 5\npoeple: 6\n')
  put('broken.yaml', 'people: [1\n')
  put('list.yaml', '- 1\n')
  put('own.yaml', 'dailyLosUsd: 5\n')
  put('wrong.yaml', 'openPositions: many\n')
  put('XBTUSD_60.csv', rows(20).replace('1704070800', '1704063600'))
  mkdirSync(join(place, 'none'))
  put('none/ETHUSD_60.csv', '')
  mkdirSync(join(place, 'ragged'))
  put('ragged/ETHUSD_60.csv', `${rows(5)}1,2,3\n`)
  mkdirSync(join(place, 'used'))
  put('used/thesis.txt', 'mine')
}

const cases: [line: string, sentence: RegExp][] = [
  ['frobnicate', /unknown command 'frobnicate'/],
  ['run wealth --sed 3', /unknown option '--sed'.*--seed/],
  ['run', /scenario: expected a name or a file/],
  ['run trifcta', /Unknown scenario "trifcta"\. Did you mean "trifecta"\?/],
  ['run nowhere/trifecta.ts', /nowhere\/trifecta\.ts: expected an existing file.*trifecta/],
  ['run syntax.ts', /syntax\.ts:2:10: /],
  ['run empty.ts', /empty\.ts: expected a default export made by defineScenario.*no default export/],
  ['run throws.ts', /throws\.ts failed while it was being loaded \(Error: not today\)/],
  ['run wealth --seed abc', /--seed: expected a whole number ≥ 0, got "abc"/],
  ['run wealth --seed 9007199254740993', /--seed: expected a whole number/],
  ['run wealth --steps 0', /--steps: expected a whole number ≥ 1, got "0"/],
  ['run wealth --steps 1e3', /--steps: expected a whole number ≥ 1, got "1e3"/],
  ['run wealth --checkpoint-every -1', /--checkpoint-every/],
  ['run wealth --set people', /--set: expected name=value, got "people"/],
  ['run wealth --set poeple=4', /Unknown parameter "poeple"\. Did you mean "people"\?/],
  ['run wealth --set people=-1', /parameter "people": expected at least 2, got -1/],
  ['run wealth --set people=1.5', /parameter "people": expected a whole number, got 1\.5/],
  ['run wealth --set people=1e9', /parameter "people": expected at most 1000000/],
  ['run wealth --set people=[1,2]', /parameter "people": expected a number, got Array/],
  ['run wealth --set __proto__=1', /Unknown parameter "__proto__"/],
  ['run wealth --config params.yaml', /Unknown parameter "poeple"/],
  ['run wealth --config broken.yaml', /broken\.yaml:\d+:\d+: expected YAML/],
  ['run wealth --config list.yaml', /list\.yaml: expected name: value/],
  ['run wealth --config nowhere.yaml', /nowhere\.yaml: expected a readable file/],
  ['run wealth --fee 0.1', /--fee: expected a scenario with a market, got "wealth"/],
  ['run wealth --market .', /--market: expected a scenario with a market/],
  ['run trifecta --fee 40', /--fee: expected a fraction from 0 to 1, got "40"/],
  ['run wealth --profile micro', /--profile: expected a scenario with a market, got "wealth"/],
  ['run wealth --allow-losing-target', /--allow-losing-target: expected a scenario with a market, got "wealth"/],
  ['run trifecta --profile mikro', /Unknown profile "mikro"\. Did you mean "micro"\?/],
  ['live trifecta --profile mikro', /Unknown profile "mikro"\. Did you mean "micro"\?/],
  ['run trifecta --profile haven,own.yaml', /Unknown limit of the profile own "dailyLosUsd"\. Did you mean "dailyLossUsd"\?/],
  ['run trifecta --profile wrong.yaml', /limit "openPositions" of the profile wrong: expected .*number.*got "many"/],
  ['run trifecta --profile nowhere.yaml', /nowhere\.yaml: expected a readable file/],
  [
    'run trifecta --profile haven,micro',
    /a target of 0\.5 %, where entry and exit cost 2 × \(.*fee \+ .*half-spread \+ .*slippage\) = .* expected a gain .* got .*a loss of .*--allow-losing-target/,
  ],
  ['run trifecta --pairs XBTUSDD', /Unknown pair "XBTUSDD"\. Did you mean "XBTUSD"/],
  ['run trifecta --timeframe 1y', /timeframe: expected a number and one of s, m, h, d, w, got "1y"/],
  ['run trifecta --from 2021-01-01', /--from: expected a market of files/],
  ['run trifecta --from yesterday', /--from: expected a time, got "yesterday"/],
  ['run trifecta --market nowhere', /nowhere: expected a readable file or folder/],
  ['run trifecta --market XBTUSD_60.csv', /XBTUSD_60\.csv:3:1: /],
  ['run trifecta --market none', /ETHUSD_60\.csv/],
  ['run trifecta --market ragged', /ETHUSD_60\.csv:6:\d+: /],
  ['run wealth --out used', /used: expected a new or empty directory.*thesis\.txt/],
  ['run wealth --out params.yaml', /params\.yaml: expected a directory, got "a file"/],
  ['run wealth --out params.yaml/below', /params\.yaml/],
  ['run --resume used', /used: expected a manifest\.json/],
  ['run --resume used --seed 3', /--seed with --resume/],
  ['compare nowhere', /runs to compare in nowhere: expected the directory of a run, .* got "no run"/],
  ['report nowhere', /nowhere: expected a manifest\.json/],
  ['data check nowhere', /nowhere: expected a readable file or folder/],
  ['data import XBTUSD_60.csv', /--into/],
  ['list trifcta', /Did you mean "trifecta"\?/],
]

describe('I8, O1, C10: bad usage is exit 2, one sentence that tells the next move, and nothing is made', () => {
  it('for every way to get it wrong', async () => {
    const place = folder()
    badFiles(place)
    const before = everything(place)
    const wrong: unknown[] = []
    for (const [line, sentence] of cases) {
      const { code, stdout, stderr } = await command(line.split(' '), place)
      const told = stderr.trim().split('\n')
      if (code !== 2 || stdout !== '' || told.length !== 1 || !sentence.test(stderr)) wrong.push({ line, code, stdout, stderr })
    }
    expect(wrong).toEqual([])
    expect(everything(place)).toEqual(before)
  }, 180_000)

  it('also where it is a process that ends', async () => {
    const place = folder()
    const { code, stdout, stderr } = await mycelia(place, ['run', 'trifcta'])
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^mycelia: Unknown scenario .*\n$/),
    })
    expect(everything(place)).toEqual([])
  })

  it('O1: the stack is there with --debug, and only then', async () => {
    const place = folder()
    badFiles(place)
    const { code, stderr } = await mycelia(place, ['run', 'throws.ts', '--debug'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/not today[\s\S]*throws\.ts:1/)
  })
})

describe('help', () => {
  it('has examples for every verb and says nothing on standard error', async () => {
    const place = folder()
    for (const verb of [
      'run',
      'report',
      'compare',
      'list',
      'doctor',
      'data check',
      'data migrate',
      'data import',
      'data synth',
    ]) {
      const { code, stdout, stderr } = await command([...verb.split(' '), '--help'], place)
      expect({ verb, code, stderr }).toEqual({ verb, code: 0, stderr: '' })
      expect(stdout).toContain(`Examples:\n  mycelia ${verb}`)
    }
  })
})
