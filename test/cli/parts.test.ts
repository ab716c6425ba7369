/** The command's small parts, in this process: signals, options, numbers as people read them. */
import { describe, expect, it, vi } from 'vitest'
import { interruptible } from '../../src/cli/interrupts.js'
import { assignments, fraction, list, wholeNumber } from '../../src/cli/options.js'
import { columns, duration, grouped, percent } from '../../src/cli/text.js'

describe('signals', () => {
  it('C7: the first asks to stop, the second stops at once with its own exit code, and nobody listens afterwards', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(code => {
      throw new Error(`exit ${code}`)
    })
    const said: string[] = []
    const io = { out: () => undefined, err: (text: string) => void said.push(text), interactive: false }
    const listeners = process.listenerCount('SIGTERM')
    await interruptible(io, async signal => {
      expect(signal.aborted).toBe(false)
      process.emit('SIGTERM', 'SIGTERM')
      expect(signal.reason).toBe('SIGTERM')
      expect(said.join()).toMatch(/once more stops at once/)
      expect(() => process.emit('SIGINT', 'SIGINT')).toThrow('exit 130')
      expect(() => process.emit('SIGTERM', 'SIGTERM')).toThrow('exit 143')
    })
    expect(process.listenerCount('SIGTERM')).toBe(listeners)
    exit.mockRestore()
  })
})

describe('options', () => {
  it('are read exactly, or refused by name', () => {
    expect(wholeNumber('--seed', 0)('0')).toBe(0)
    for (const text of ['', ' 5', '5 ', '-1', '1.0', '0x10', '1e3', '９', '9007199254740992']) {
      expect(() => wholeNumber('--seed', 0)(text), text).toThrow(/--seed/)
    }
    expect(fraction('--fee')('.004')).toBe(0.004)
    for (const text of ['', '1', '-0.1', 'NaN', '4%', '0,004']) expect(() => fraction('--fee')(text), text).toThrow(/--fee/)
    expect(list('--pairs')('a, b', ['c'])).toEqual(['c', 'a', 'b'])
    expect(() => list('--pairs')('a,,b')).toThrow(/--pairs/)
  })

  it('--set takes YAML scalars, lists and maps; of one name the last counts', () => {
    const set = assignments('--set')
    expect(['a=1', 'b=[x, 2]', 'c={ afterBars: 3 }', 'a=two', 'd=a=b'].reduce((all, text) => set(text, all), {})).toEqual({
      a: 'two',
      b: ['x', 2],
      c: { afterBars: 3 },
      d: 'a=b',
    })
    expect(() => set('=5')).toThrow(/name=value/)
    expect(() => set('a=[1')).toThrow(/YAML/)
  })
})

it('numbers and tables read the same in every language', () => {
  expect([grouped(1_234_567.891, 2), grouped(-1_234), grouped(-0.001, 2), grouped(999)]).toEqual([
    '1,234,567.89',
    '-1,234',
    '0.00',
    '999',
  ])
  expect([percent(0.0123, true), percent(-0.5, true), percent(0)]).toEqual(['+1.23 %', '-50.00 %', '0.00 %'])
  expect([duration(900), duration(61_000), duration(7_260_000)]).toEqual(['1 s', '1 min 1 s', '2 h 1 min'])
  expect(
    columns([
      ['', 'a'],
      ['long', '10'],
    ]),
  ).toBe('       a\nlong  10\n')
})
