/** The names of agent types: from the scenario's record or the class's `static type`, since a minifier changes `class.name`. */

import { OperatorError } from '../core/index.js'
import { Agent, type AgentClass } from './agent.js'

/** Classes of agents, each under the name of its type. */
export type AgentClasses = Readonly<Record<string, AgentClass>>

/** The names of one scenario. A record and a `static type` that differ are an error: saved runs and streams know one name. */
export class TypeNames {
  private readonly names = new Map<AgentClass, string>()
  private readonly classes = new Map<string, AgentClass>()

  constructor(declared: AgentClasses = {}) {
    if (Array.isArray(declared)) throw listed()
    for (const [name, kind] of Object.entries(declared)) this.declare(name, kind)
  }

  /** The name of a class's type. */
  of(kind: AgentClass): string {
    const name = this.names.get(kind) ?? ownType(kind)
    if (name === undefined) throw unnamed(kind)
    return name
  }

  /** The class that the record has under a name. */
  classOf(name: string): AgentClass | undefined {
    return this.classes.get(name)
  }

  /** The names of the record, in its order. */
  get declared(): string[] {
    return [...this.classes.keys()]
  }

  private declare(name: string, kind: AgentClass): void {
    if (!isAgentClass(kind)) throw notAClass(name, kind)
    const other = this.names.get(kind) ?? ownType(kind) ?? name
    if (other !== name) throw twoNames(name, other)
    this.names.set(kind, name)
    this.classes.set(name, kind)
  }
}

/** The `static type` of the class itself, never an inherited one. */
function ownType(kind: AgentClass): string | undefined {
  return Object.hasOwn(kind, 'type') ? kind.type : undefined
}

function isAgentClass(kind: unknown): boolean {
  return typeof kind === 'function' && kind.prototype instanceof Agent
}

function unnamed(kind: AgentClass): OperatorError {
  const shown = kind.name === '' ? 'Person' : kind.name
  return new OperatorError({
    what: `the agents of class ${kind.name || '(anonymous)'} have no type name`,
    next: `Name it: defineScenario({ agents: { ${shown} } }), or give the class a static type.`,
  })
}

function notAClass(name: string, got: unknown): OperatorError {
  return new OperatorError({
    what: `agents.${name} of a scenario`,
    expected: 'a class that extends Agent',
    got: typeof got,
    next: 'Where it is undefined, its module may import the scenario that imports it.',
  })
}

function twoNames(name: string, other: string): OperatorError {
  return new OperatorError({
    what: `a class of agents is called both "${other}" and "${name}"`,
    next: 'Give it one name: the same in `static type` and in defineScenario({ agents }).',
  })
}

function listed(): OperatorError {
  return new OperatorError({
    what: 'agents of a scenario',
    expected: 'classes by name',
    got: 'a list',
    next: 'Write: defineScenario({ agents: { Person } }).',
  })
}
