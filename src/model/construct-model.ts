/** Making the model of a run, and finding the classes of the agents that a checkpoint holds. */

import type { z } from 'zod'
import type { AgentClass } from './agent.js'
import { explainMissingSuper } from './construction-context.js'
import { Kernel, kernelConstruction } from './kernel.js'
import { type Model, modelBase } from './model.js'
import { refusePrivateFields } from './private-fields.js'
import { refuseReservedFields, refuseReservedMethods } from './reserved-names.js'
import type { Scenario } from './scenario.js'

/** Makes the model of a run; refuses a class that declares a reserved name, or keeps what cannot be saved. */
export function construct<M extends Model>(type: new () => M, kernel: Kernel): M {
  refuseReservedMethods(type, modelBase)
  refusePrivateFields(type, modelBase)
  const model = kernelConstruction.during(kernel, () => madeBy(type))
  refuseReservedFields(model, { _kernel: kernel, params: kernel.params }, modelBase)
  return model
}

function madeBy<M extends Model>(type: new () => M): M {
  try {
    return new type()
  } catch (error) {
    throw explainMissingSuper(type.name, error)
  }
}

/**
 * The class of a saved name: a declared one, else one that a scratch model, made for this alone, mentions in its fields or,
 * failing that, spawns in its set-up.
 */
export function classNamed<M extends Model, P extends z.ZodType>(
  name: string,
  scenario: Scenario<M, P>,
  like: Kernel,
): AgentClass | undefined {
  const declared = like.names.classOf(name)
  if (declared !== undefined) return declared
  const scratch = new Kernel(like.seed, like.params, scenario.agents)
  const model = construct(scenario.model, scratch)
  if (!scratch.population.types.has(name)) model.setup()
  return scratch.population.types.get(name)?.type
}
