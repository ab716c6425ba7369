/** Runs in pairs outside the 18: by generic rules, by rules of one's own, and never without a word. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { simulate } from 'mycelia'
import { type Fill, Fills } from 'mycelia/market'
import { describe, expect, it, onTestFinished } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import wealth from '../../scenarios/wealth.js'
import { type RunRequest, run } from '../../src/world/index.js'
import { planLive } from '../../src/world/live/engine/plan.js'

const HOUR = 3_600
const START = 1_600_000_200 - (1_600_000_200 % 86_400)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-instruments-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Hours of a price that jumps by three hundredths every seventh, and falls back. */
function candles(path: string, name: string, price: number): string {
  const lines = Array.from({ length: 150 }, (_, i) => {
    const close = price * (i % 7 === 0 ? 1.03 : 1)
    return `${START + i * HOUR},${price},${Math.max(price, close)},${Math.min(price, close)},${close},5,3\n`
  })
  writeFileSync(join(path, name), lines.join(''))
  return path
}

/** Few agents, who trade from the first hour. */
const params = { financeLearners: 3, forcedHypotheses: ['finance:own-return|level|0|XRPUSD|1|+'] }

async function noted(asked: RunRequest) {
  const notes: string[] = []
  const out = join(folder(), 'out')
  const result = await run({ scenario: trifecta, seed: 3, steps: 50, out, onNote: note => notes.push(note), ...asked })
  return { result, notes, out: asked.out ?? out }
}

describe('a folder with a pair outside the 18', () => {
  const market = () => candles(candles(folder(), 'XBTUSD_60.csv', 9_000), 'XRPUSD_60.csv', 0.5)

  it('names it in one line where it is not chosen', async () => {
    const { notes, result } = await noted({ market: market(), params: { financeLearners: 3 } })
    expect(notes.filter(note => note.includes('XRP'))).toEqual([
      'Outside the chosen pairs, and not read: XRPUSD (XRPUSD_60.csv).',
    ])
    expect(result.steps).toBe(50)
  })

  it('trades it by generic rules where it is chosen, and says so', async () => {
    const { notes, result, out } = await noted({ market: market(), pairs: ['xrp/usd'], params, steps: 150 })
    expect(notes[0]).toBe(
      'XRPUSD is in no table of instruments and trades by generic rules: prices of six significant digits, quantities in steps of at most 0.01 USD, orders from 0.5 USD.',
    )
    expect(notes).toContain('Outside the chosen pairs, and not read: XXBTZUSD (XBTUSD_60.csv).')
    expect(result.fills).toBeGreaterThan(0)
    const { parameters } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    expect(parameters.pairs).toEqual(['XRPUSD'])
    expect('instruments' in parameters).toBe(false)
  })

  it('says nothing of it on a market of the 18 alone', async () => {
    const { notes } = await noted({ steps: 1, params: { financeLearners: 3 } })
    expect(notes).toEqual([])
  })
})

describe('a currency that is not USD', () => {
  it('is said where a file is in it, and where a name says it', async () => {
    const market = candles(folder(), 'BTC_USDT-1h.csv', 9_000)
    writeFileSync(join(market, 'BTC_USDT-1h.csv'), 'date,open,high,low,close,volume\n', { flag: 'a' })
    const csv = readFileSync(join(market, 'BTC_USDT-1h.csv'), 'utf8')
      .split('\n')
      .filter(line => /^\d/.test(line))
    const rows = csv.map(line => line.split(',').slice(0, 6).join(','))
    writeFileSync(join(market, 'BTC_USDT-1h.csv'), ['timestamp,open,high,low,close,volume', ...rows, ''].join('\n'))
    const { notes } = await noted({ market, pairs: ['BTCUSDT'], params: { financeLearners: 3 } })
    expect(notes[0]).toBe('BTCUSDT is taken as XXBTZUSD, which is quoted in USD and not in USDT.')
    expect(notes[1]).toContain('BTC_USDT-1h.csv (150 bars, quoted in USDT: 1 USDT is taken for 1 USD)')
    const eur = await noted({ steps: 1, pairs: ['BTCEUR'], params: { financeLearners: 3 } })
    expect(eur.notes[1]).toBe('BTCEUR is quoted in EUR: the portfolios take 1 EUR for 1 USD.')
  })
})

describe('instruments of one’s own', () => {
  const instruments = { XRPUSD: { lotDecimals: 0, orderMin: 10 } }
  const quantities = (asked: object) => {
    const fills: number[] = []
    const sim = simulate(trifecta, { seed: 3, params: { ...params, pairs: ['XRPUSD'], ...asked } })
    sim.tap((topic, message) => void (topic === Fills && fills.push((message as Fill).qtyE8)))
    sim.run({ steps: 60 })
    return fills
  }

  it('are what orders respect', () => {
    const whole = quantities({ instruments })
    expect(whole.length).toBeGreaterThan(0)
    expect(whole.filter(quantity => quantity % 1e8 !== 0)).toEqual([])
    expect(quantities({}).some(quantity => quantity % 1e8 !== 0)).toBe(true)
  })

  it('D3: are kept in the manifest and the checkpoint, and a resumed run ends with the digest of the whole one', async () => {
    const market = candles(folder(), 'XRPUSD_60.csv', 0.5)
    const asked = { market, pairs: ['XRPUSD'], instruments, params }
    const whole = await noted(asked)
    expect(whole.notes.filter(note => note.includes('generic'))).toEqual([])
    expect(JSON.parse(readFileSync(join(whole.out, 'manifest.json'), 'utf8')).parameters.instruments).toEqual(instruments)
    const { out } = await noted({ ...asked, steps: 20, out: join(folder(), 'stopped') })
    const { digest, outputs } = await run({ scenario: trifecta, resume: out, steps: 50 })
    expect({ digest, outputs }).toEqual({ digest: whole.result.digest, outputs: whole.result.outputs })
    const plain = await noted({ market, pairs: ['XRPUSD'], params })
    expect(plain.result.digest).not.toBe(whole.result.digest)
  })

  it.each([
    [{ XRPUSD: { tickSize: -1 } }, 'parameter "instruments.XRPUSD.tickSize": expected more than 0, got -1'],
    [{ XRPUSD: { tick: 1 } }, 'parameter "instruments.XRPUSD": expected no "tick"'],
    [{ 'xrp/usd': {} }, 'a pair is named by 1 to 20 capital letters and digits'],
    [{ XRPUSD: { lotDecimals: 9 } }, 'expected at most 8, got 9'],
  ])('refuse %j before anything is made', async (wrong, says) => {
    const out = join(folder(), 'out')
    await expect(run({ scenario: trifecta, instruments: wrong, out })).rejects.toThrow(says)
    expect(existsSync(out)).toBe(false)
  })

  it('are refused for a model without a market', async () => {
    await expect(run({ scenario: wealth, instruments })).rejects.toThrow('expected a scenario with a market')
  })

  it('go live as they are simulated, and what is generic is said there too', async () => {
    const notes: string[] = []
    const onNote = (note: string) => void notes.push(note)
    const own = await planLive({ scenario: trifecta, pairs: ['XRPUSD'], instruments, onNote })
    expect(own.run).toMatchObject({ params: { pairs: ['XRPUSD'], instruments } })
    expect(notes).toEqual([])
    await planLive({ scenario: trifecta, pairs: ['XRPUSD'], onNote })
    expect(notes).toEqual([expect.stringContaining('XRPUSD is in no table of instruments')])
    await expect(planLive({ fromRun: 'nowhere', instruments })).rejects.toThrow()
  })
})

const shared = resolve(process.env.MYCELIA_SHARED ?? '../shared', 'cases', 'pair-outside-the-18')

describe.skipIf(!existsSync(shared))(
  `the case of a pair outside the 18${existsSync(shared) ? '' : ' (skipped: no case at ../shared/cases)'}`,
  () => {
    it('names XRPUSD where it is not chosen, and trades it where it is', async () => {
      const some = { financeLearners: 3 }
      const left = await noted({ market: shared, steps: 5, params: some })
      expect(left.notes).toContain('Outside the chosen pairs, and not read: XRPUSD (XRPUSD_60.csv).')
      const { notes, result } = await noted({ market: shared, steps: 5, pairs: ['XRPUSD'], params: some })
      expect(notes[0]).toContain('XRPUSD is in no table of instruments and trades by generic rules')
      expect(result.steps).toBe(5)
    })
  },
)

describe('a market that never moves', () => {
  it('ends as any other, trades nothing, and its figures say why there are none', async () => {
    const market = folder()
    const lines = Array.from({ length: 600 }, (_, i) => `${START + i * HOUR},2,2,2,2,5,3\n`)
    writeFileSync(join(market, 'XTZUSD_60.csv'), lines.join(''))
    const { result, out } = await noted({ market, params: { financeLearners: 3 }, steps: 600 })
    expect([result.steps, result.fills]).toEqual([600, 0])
    const { realism } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    expect(realism[0]).toMatchObject({ value: null, reason: 'prices or volumes never changed' })
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('prices or volumes never changed')
  })
})
