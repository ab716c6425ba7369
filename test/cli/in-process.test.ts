/** What the command line refuses before it does anything, without a process of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

describe('data check and data import of candles', () => {
  const day = 86_400
  const candles = (name: string, n: number, price: number) => {
    const place = folder()
    const rows = Array.from({ length: n }, (_, i) => `${(i + 19_723) * day},${price},${price},${price},${price},${1 + i},1\n`)
    writeFileSync(join(place, name), rows.join(''))
    return place
  }

  it('take instruments of one’s own, and say in which hours', async () => {
    const place = candles('AAPL_1440.csv', 30, 100)
    expect((await command('data', 'check', place)).err).toMatch(/none so named/)
    const own = join(place, 'own.yaml')
    writeFileSync(own, 'AAPL: { session: NYSE }\n')
    const check = await command('data', 'check', place, '--instruments', own)
    expect(check).toMatchObject({
      code: 0,
      out: expect.stringMatching(/AAPL +1d +20 rows .*no gaps; rejected: 10 outside-session/),
    })
    const into = join(place, 'made')
    const made = await command(
      'data',
      'import',
      place,
      '--into',
      into,
      '--timeframe',
      '1d',
      '--pairs',
      'AAPL',
      '--instruments',
      own,
    )
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/AAPL +20 rows +.*AAPL_1440\.csv +from 1 file/) })
    expect(made.err).toMatch(/10 rows rejected: outside-session/)
    writeFileSync(own, 'AAPL: { session: { timeZone: Mars } }\n')
    expect((await command('data', 'check', place, '--instruments', own)).err).toMatch(/instruments\.AAPL\.session/)
  })

  it('end with 2 for a file that a run refuses, and with 0 for sources that differ', async () => {
    const place = candles('XBTUSD_1440.csv', 50, 100)
    writeFileSync(
      join(place, 'kraken_BTCUSD-1d.csv'),
      readFileSync(join(place, 'XBTUSD_1440.csv'), 'utf8').replaceAll(',100', ',200'),
    )
    const differ = await command('data', 'check', place)
    expect(differ).toMatchObject({
      code: 0,
      out: expect.stringMatching(/DO NOT AGREE: 50 shared bars, closes differ by 100\.00 %/),
    })
    writeFileSync(join(place, 'ETHUSD_1440.csv'), '1,2\n')
    expect(await command('data', 'check', place)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not ready for a run.*7 columns/),
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
