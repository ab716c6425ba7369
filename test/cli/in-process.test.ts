/** What the command line refuses before it does anything, without a process of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import wealth from '../../scenarios/wealth.js'
import { main } from '../../src/cli/main.js'
import { TradeLedger } from '../../src/storage/index.js'
import { run } from '../../src/world/index.js'
import { fillsOf, portfolioAfter, trade } from '../storage/support.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-cli-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const io = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    interactive: false,
  }
  const code = await main(args, io)
  return { code, out, err }
}

describe('a run that is continued', () => {
  const given: [option: string, value: string][] = [
    ['seed', '3'],
    ['set', 'people=4'],
    ['config', 'params.yaml'],
    ['from', '2021-01-01'],
    ['to', '2021-02-01'],
    ['timeframe', '1h'],
    ['pairs', 'XBTUSD'],
    ['fee', '0.001'],
    ['out', 'elsewhere'],
  ]

  it.each(given)('refuses --%s, which it would have to ignore', async (option, value) => {
    const { code, err } = await command('run', '--resume', 'anything', `--${option}`, value)
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(`--${option} with --resume: expected the run to continue as it began`),
    })
  })

  it('refuses --instruments too', async () => {
    const file = join(folder(), 'own.yaml')
    writeFileSync(file, 'XRPUSD: { orderMin: 10 }\n')
    const { code, err } = await command('run', '--resume', 'anything', '--instruments', file)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching('--instruments with --resume') })
  })
})

describe('data check', () => {
  it('ends with 2 for a database whose money does not reconcile, and with 0 for one whose money does', async () => {
    const path = join(folder(), 'trades.db')
    const ledger = TradeLedger.open(path, 'r')
    for (const fill of fillsOf(trade(1))) ledger.fill(fill, 1)
    ledger.trade(trade(1), 1)
    ledger.setPortfolios([portfolioAfter([trade(1)])])
    ledger.close()
    expect((await command('data', 'check', path)).code).toBe(0)
    const db = new Database(path)
    db.exec('UPDATE books SET cash_e6 = cash_e6 + 1')
    db.close()
    const { code, out, err } = await command('data', 'check', path)
    expect({ code, out, err }).toMatchObject({
      code: 2,
      out: expect.stringMatching('money does not reconcile'),
      err: expect.stringMatching('has 1 problems'),
    })
  })
})

describe('a path that cannot be meant', () => {
  it.each([
    [['run', 'wealth', '--out', ''], /--out: expected a file or a folder, got ""\. Give a path/],
    [['run', '--resume', ' '], /--resume: expected a file or a folder/],
    [['data', 'synth', '--out', ''], /--out: expected a file or a folder/],
    [['data', 'import', 'x', '--into', ''], /--into: expected a file or a folder/],
  ])('%j is refused', async (args, says) => {
    const { code, err } = await command(...args)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(says) })
  })

  it('a folder given to data migrate is answered with the databases in it', async () => {
    const place = folder()
    writeFileSync(join(place, 'trades.db'), '')
    const { code, err } = await command('data', 'migrate', place)
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/expected a database, got "a folder"\. Name one of its databases: .*trades\.db/),
    })
    mkdirSync(join(place, 'empty'))
    expect((await command('data', 'migrate', join(place, 'empty'))).err).toMatch(/this folder holds none/)
  })

  it('the folder of a scenario’s runs is answered with its newest run', async () => {
    const root = folder()
    await run({ scenario: wealth, params: { people: 5 }, steps: 5, root })
    const { code, err } = await command('report', join(root, 'wealth'))
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/That folder holds runs: give one of them, the newest is .*wealth.latest\./),
    })
  })
})
