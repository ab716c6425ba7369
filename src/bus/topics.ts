/** The topics of a system that leave a process, each registered once: their names, and what a message of them must look like. */

import { OperatorError } from '../core/index.js'
import { type Known, shapeProblem } from './shape.js'
import { type Family, type SharedTopicOptions, type Topic, topic } from './topic.js'

export class Topics {
  private readonly all = new Map<string, Topic<unknown>>()

  /** Makes a topic and registers it. */
  add<T>(name: string, options: SharedTopicOptions<T>): Topic<T> {
    if (this.all.has(name))
      throw new OperatorError({ what: `topic "${name}"`, expected: 'a name no other topic has', got: 'a name in use' })
    const made = topic<T>(name, options)
    this.all.set(name, made as Topic<unknown>)
    return made
  }

  /** The topic of that name, `family:member` included; undefined if no topic has it. */
  find(name: string): Topic<unknown> | undefined {
    const colon = name.indexOf(':')
    const found = this.all.get(colon < 0 ? name : name.slice(0, colon))
    if (found === undefined || (familyOf(found) === undefined) !== colon < 0) return undefined
    return colon < 0 ? found : found.at(name.slice(colon + 1))
  }

  /** Every name, with the members of families by their list; `inner`: with what only the processes of one run hear. */
  names(members: Readonly<Record<string, readonly string[]>>, { inner }: { inner: boolean }): string[] {
    return [...this.all.values()].flatMap(each => {
      const family = familyOf(each)
      if (family !== undefined) return (members[family.of] ?? []).map(member => `${each.name}:${member}`)
      return each.scope === 'public' || inner ? [each.name] : []
    })
  }

  /** The first field of a message that is not of its topic's shape, or undefined. */
  problem(name: string, message: unknown, known: Known): string | undefined {
    const found = this.find(name)
    if (found?.shape === undefined) return 'unknown topic'
    const problem = shapeProblem(message, found.shape, known)
    if (problem !== undefined) return problem === '' ? 'no message' : problem
    const family = familyOf(found)
    if (family === undefined) return undefined
    const member = (message as Record<string, unknown>)[family.per]
    return name.slice(name.indexOf(':') + 1) === member ? undefined : 'topic'
  }
}

function familyOf({ scope }: Topic<unknown>): Family | undefined {
  return typeof scope === 'object' ? scope : undefined
}
