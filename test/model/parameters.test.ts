import { defineScenario, Model, OperatorError, simulate, z } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { fieldsOf, parseParameters } from '../../src/model/index.js'

const schema = z.object({
  people: z.number().int().min(2).max(100).default(10).describe('number of people'),
  share: z.number().min(0).max(1).default(0.5),
  mode: z.enum(['calm', 'wild']).default('calm'),
  torus: z.boolean().default(true),
  name: z.string().optional(),
})
class Empty extends Model<typeof schema> {}
const scenario = defineScenario({ title: 'Empty', model: Empty, params: schema })

describe('parameters', () => {
  it('take their defaults, and what is given', () => {
    expect(simulate(scenario).model.params).toEqual({ people: 10, share: 0.5, mode: 'calm', torus: true })
    expect(simulate(scenario, { params: { people: 3, name: 'x' } }).model.params).toMatchObject({ people: 3, name: 'x' })
  })

  it.each([
    [{ poeple: 5 }, 'Unknown parameter "poeple". Did you mean "people"?'],
    [{ MODE: 'calm' }, 'Unknown parameter "MODE". Did you mean "mode"?'],
    [{ entirelyElse: 1 }, 'Unknown parameter "entirelyElse". Known: people, share, mode, torus, name.'],
    [{ people: 1 }, 'parameter "people": expected at least 2, got 1.'],
    [{ people: -1 }, 'parameter "people": expected at least 2, got -1.'],
    [{ people: 1e9 }, 'parameter "people": expected at most 100, got 1000000000.'],
    [{ people: 2.5 }, 'parameter "people": expected a whole number, got 2.5.'],
    [{ people: 'many' }, 'parameter "people": expected a number, got "many".'],
    [{ share: Number.NaN }, 'parameter "share": expected a number, got NaN.'],
    [{ mode: 'clam' }, 'parameter "mode": expected one of calm, wild, got "clam".'],
    [{ torus: 'yes' }, 'parameter "torus": expected a boolean, got "yes".'],
  ])('I8: %j is refused with key, expected, got', (given: object, message) => {
    expect(() => simulate(scenario, { params: given })).toThrow(OperatorError)
    expect(() => simulate(scenario, { params: given })).toThrow(message)
  })

  it('are listed with their schemas', () => {
    expect([...fieldsOf(schema).keys()]).toEqual(['people', 'share', 'mode', 'torus', 'name'])
    expect(fieldsOf(schema).get('people')?.description).toBe('number of people')
    expect(parseParameters(z.object({}))).toEqual({})
  })
})

describe('a scenario', () => {
  it('is called as its title says, in small letters and hyphens, or by a name that is', () => {
    expect(defineScenario({ title: 'Wolf & Sheep (2)', model: Empty, params: schema }).name).toBe('wolf-sheep-2')
    expect(defineScenario({ name: 'w2', title: 'Wölfe', model: Empty, params: schema }).name).toBe('w2')
    expect(() => defineScenario({ name: 'a/b', title: 'x', model: Empty, params: schema })).toThrow(OperatorError)
  })

  it('models are made by simulate alone', () => {
    expect(() => new Empty()).toThrow('use spawn() or simulate(), not new')
  })
})
