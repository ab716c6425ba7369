/** Fields that a spawn gives and the class does not have: a slip of the pen, which would be kept beside the field that was meant. */

import { closest, OperatorError } from '../core/index.js'
import { type Agent, type AgentClass, kernelFields } from './agent.js'

/**
 * Throws where a field is unknown to an agent fresh from its constructor, is nearly the name of one that it has and that is not given,
 * and the class's own text never mentions it. No more can be told: a field that is only declared, without a value, has no trace in
 * what some compilers write.
 */
export function refuseMistakenFields(agent: Agent, given: object, type: string): void {
  for (const name of Object.keys(given)) {
    const meant = name in agent ? undefined : meantBy(name, agent, given)
    if (meant !== undefined) throw mistaken(name, meant, type)
  }
}

/** The field of an agent that a name which it does not know stands for, if that is plain. */
function meantBy(name: string, agent: Agent, given: object): string | undefined {
  const own = Object.keys(agent).filter(field => !kernelFields.has(field) && !(field in given))
  const meant = closest(name, own)
  // One letter of a short name may be all that tells two fields apart, as x and y.
  if (meant === undefined || Math.min(name.length, meant.length) < 4) return undefined
  return isMentioned(name, agent.constructor as AgentClass) ? undefined : meant
}

function isMentioned(name: string, type: AgentClass): boolean {
  for (let at: unknown = type; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at))
    if (Function.prototype.toString.call(at).includes(name)) return true
  return false
}

function mistaken(name: string, meant: string, type: string): OperatorError {
  return new OperatorError({
    what: `the fields of a spawn of ${type}`,
    expected: 'names of fields of the class',
    got: name,
    next: `Did you mean "${meant}"?`,
  })
}
