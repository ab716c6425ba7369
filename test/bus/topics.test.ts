import { describe, expect, it } from 'vitest'
import { swarmTopics } from '../../src/agents/index.js'
import { shapes, Topic, Topics, topic } from '../../src/bus/index.js'

const { known, listOf, mapOf, nullable, number, oneOf, record, text } = shapes
interface Quote {
  readonly pair: string
  readonly price: number
}
const fields = { pair: known('pair'), price: number({ above: 0 }) }
const knows = { pair: (value: unknown) => value === 'SOLUSD' }

describe('topics', () => {
  it('are registered once', () => {
    const all = new Topics()
    all.add<Quote>('quotes', { scope: 'public', shape: fields })
    expect(() => all.add<Quote>('quotes', { scope: 'inner', shape: fields })).toThrow('topic "quotes"')
  })

  it('are facts where they say so, or give the form of one, and have a name', () => {
    expect([topic('a', { fact: true }).fact, topic('b', { fact: () => 1 }).fact]).toEqual([true, true])
    expect([topic('c').fact, topic('d', { fact: false }).fact]).toEqual([false, false])
    expect(() => topic('')).toThrow('topic name: expected a non-empty string')
  })

  it('say what a message must be before they leave a process', () => {
    expect(() => new Topic('quotes', { scope: 'public' })).toThrow('topic "quotes": expected a shape, as it leaves its process')
    // @ts-expect-error a topic with a scope has a shape
    expect(() => topic<Quote>('quotes', { scope: 'public' })).toThrow()
    // @ts-expect-error a shape has every field of the payload
    topic<Quote>('quotes', { scope: 'public', shape: { pair: text } })
  })

  it('are found by name, a family by its members alone', () => {
    const all = new Topics()
    const quotes = all.add<Quote>('quotes', { scope: { per: 'pair', of: 'pairs' }, shape: fields })
    const news = all.add<{ readonly what: string }>('news', { scope: 'public', shape: { what: text } })
    all.add<{ readonly what: string }>('gossip', { scope: 'inner', shape: { what: text } })
    expect(all.find('quotes:SOLUSD')).toBe(quotes.at('SOLUSD'))
    expect(all.find('news')).toBe(news)
    for (const name of ['quotes', 'news:today', 'nothing', 'nothing:x']) expect(all.find(name), name).toBeUndefined()
    expect(all.names({ pairs: ['SOLUSD', 'ADAUSD'] }, { inner: false })).toEqual(['quotes:SOLUSD', 'quotes:ADAUSD', 'news'])
    expect(all.names({ pairs: [] }, { inner: true })).toEqual(['news', 'gossip'])
    expect(all.problem('quotes:SOLUSD', { pair: 'SOLUSD', price: 1 }, knows)).toBeUndefined()
    expect(all.problem('quotes:ADAUSD', { pair: 'SOLUSD', price: 1 }, knows)).toBe('topic')
    expect(all.problem('quotes:SOLUSD', { pair: 'SOLUSD', price: 0 }, knows)).toBe('price')
  })

  it('have shapes that are plain data', () => {
    for (const name of swarmTopics.names({ pairs: ['SOLUSD'], code: ['Rust'] }, { inner: true })) {
      const shape = swarmTopics.find(name)?.shape
      expect(JSON.parse(JSON.stringify(shape))).toEqual(shape)
    }
  })
})

describe('a shape', () => {
  const problem = (value: unknown, shape: shapes.Shape) => shapes.shapeProblem(value, shape, knows)

  it.each([
    [number(), 1.5, Number.NaN],
    [number({ any: true }), Number.NaN, '1'],
    [number({ min: 0, max: 1, any: true }), Number.NaN, 1.5],
    [number({ whole: true }), -3, 0.5],
    [number({ whole: true }), 2 ** 53 - 1, 2 ** 53],
    [number({ min: 0 }), 0, -1],
    [number({ max: 1 }), 1, 1.5],
    [oneOf([1, -1]), -1, 0],
    [nullable(text), undefined, 1],
    [listOf(number(), 2), [1, 2], [1]],
    [mapOf(text), { a: 'x' }, { a: 1 }],
    [mapOf(text), {}, null],
    [known('pair'), 'SOLUSD', 'XMRUSD'],
  ])('%j holds %s and refuses %s', (shape, good, bad) => {
    expect(problem(good, shape)).toBeUndefined()
    expect(problem(bad, shape)).toBe('')
  })

  it('names the first bad field by its path', () => {
    const shape = record<{ a: unknown; b: unknown }>({ a: text, b: record<{ c: unknown }>({ c: number() }) })
    expect(problem({ a: 'x', b: { c: '1' } }, shape)).toBe('b.c')
    expect(problem({ a: 'x', b: null }, shape)).toBe('b')
    expect(problem({ b: 1 }, shape)).toBe('a')
  })
})
