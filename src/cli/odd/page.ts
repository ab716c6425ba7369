/**
 * A model as an ODD protocol (Overview, Design concepts, Details; Grimm et al., "The ODD Protocol for Describing Agent-Based and Other
 * Simulation Models: A Second Update", JASSS 23(2) 7, 2020), in Markdown. What the code says is filled in; what only its author knows
 * has a place.
 */

import type { ModelAtStart } from '../../world/index.js'
import { parametersOf } from '../parameters.js'
import { grouped } from '../text.js'
import { type DescribedType, describedSpaces, describedStreams, describedTypes, methodsOf, sourceOf } from './described.js'

const toWrite = (what: string) => `> *To be written: ${what}*`

/** Methods of the base classes that are no submodels. */
const ownOfTheFramework = new Set(['constructor', 'setup', 'step', 'finish', 'summary'])

export async function oddPage(start: ModelAtStart): Promise<string> {
  const { scenario, sim } = start
  const types = describedTypes(sim)
  const parts = [
    `# ${scenario.title}: ODD protocol`,
    'Made from the scenario by `mycelia odd`. The tables and the code are the model’s own; the places for prose are its author’s.',
    '## 1. Purpose and patterns',
    toWrite('the question that the model is for, and the patterns by which it is judged.'),
    ...entities(start, types),
    ...processes(start, types),
    ...concepts(start),
    ...initialisation(start, types),
    ...input(start),
    ...submodels(start),
    '## 8. Parameters',
    await parameters(start),
  ]
  return `${parts.join('\n\n')}\n`
}

function entities({ sim, steps }: ModelAtStart, types: readonly DescribedType[]): string[] {
  const spaces = describedSpaces(sim.model)
  const long = Number.isFinite(steps)
    ? `a plain run makes ${grouped(steps)}`
    : 'a plain run goes on until the data or the model end'
  return [
    '## 2. Entities, state variables and scales',
    ...types.flatMap(({ name, count, variables }) => [
      `### ${name} (${grouped(count)} at the start)`,
      variables.length === 0
        ? 'No state variables of its own but its place.'
        : markdownTable(
            ['variable', 'type', 'at the start', 'meaning'],
            variables.map(({ name: field, kind, atStart }) => [`\`${field}\``, kind, atStart, '']),
          ),
    ]),
    ...(types.length === 0 ? ['No agents at the start.'] : []),
    '### Scales',
    spaces.length === 0 ? 'No space.' : spaces.map(space => `- ${space}`).join('\n'),
    `Time goes in steps; ${long}. ${toWrite('how long a step and how large a place are.').slice(2)}`,
  ]
}

function processes({ sim }: ModelAtStart, types: readonly DescribedType[]): string[] {
  const order = sourceOf(sim.model, 'step')
  return [
    '## 3. Process overview and scheduling',
    order === undefined
      ? 'The model has no `step` of its own: what happens is scheduled as events, or called by messages.'
      : `Each step, in this order:\n\n${code(order)}`,
    ...types.flatMap(({ name, step }) => (step === undefined ? [] : [`A ${name}, when it is called:\n\n${code(step)}`])),
    toWrite('why in this order.'),
  ]
}

function concepts({ scenario, sim }: ModelAtStart): string[] {
  const streams = describedStreams(sim)
  const collected = Object.entries(scenario.collect ?? {}).flatMap(([table, columns]) =>
    table === 'agents' || table === 'messages'
      ? Object.entries(columns as object).map(([name, of]) => `\`${table}\` of ${name}${namesOf(of)}`)
      : [`\`${table}\`${namesOf(columns)}`],
  )
  return [
    '## 4. Design concepts',
    ...[
      'Basic principles',
      'Emergence',
      'Adaptation and objectives',
      'Learning and prediction',
      'Sensing',
      'Interaction',
      'Collectives',
    ].map(name => `**${name}.** ${toWrite('or: none.').slice(2)}`),
    `**Stochasticity.** ${streams.length === 0 ? 'None is seen in its code.' : `Chance comes from the seed: ${streams.join('; ')}.`}`,
    `**Observation.** ${collected.length === 0 ? 'Nothing is collected.' : `Collected: ${collected.join('; ')}.`}`,
  ]
}

function namesOf(columns: unknown): string {
  const names = typeof columns === 'object' && columns !== null ? Object.keys(columns) : []
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}

function initialisation({ sim }: ModelAtStart, types: readonly DescribedType[]): string[] {
  const setup = sourceOf(sim.model, 'setup')
  const counts = types.map(({ name, count }) => `${grouped(count)} ${name}`).join(', ')
  return [
    '## 5. Initialisation',
    `${counts === '' ? 'No agents' : counts} with the default parameters and seed 1. One seed gives the same run to the last byte.`,
    ...(setup === undefined ? [] : [code(setup)]),
    toWrite('where initial values come from.'),
  ]
}

function input({ market }: ModelAtStart): string[] {
  const said = {
    files: 'Recorded candles.',
    synthetic: 'A synthetic market, made from the seed.',
  }
  return ['## 6. Input data', market === undefined ? 'The model takes no data from outside.' : said[market]]
}

function submodels({ sim }: ModelAtStart): string[] {
  const kinds = new Map<string, object>([[sim.model.constructor.name, sim.model]])
  for (const agent of sim.model.agents) if (!kinds.has(agent.type)) kinds.set(agent.type, agent)
  const found = [...kinds].flatMap(([owner, object]) =>
    methodsOf(object)
      .filter(method => !ownOfTheFramework.has(method))
      .flatMap(method => {
        const source = sourceOf(object, method)
        return source === undefined ? [] : [`### ${owner}: \`${method}\`\n\n${code(source)}`]
      }),
  )
  return [
    '## 7. Submodels',
    ...(found.length === 0 ? ['None but the steps above.'] : found),
    toWrite('equations and their sources.'),
  ]
}

async function parameters({ scenario }: ModelAtStart): Promise<string> {
  const rows = (await parametersOf(scenario)).map(({ name, type, range, standard, says }) => [
    `\`${name}\``,
    type,
    range,
    JSON.stringify(standard) ?? '',
    says,
  ])
  return rows.length === 0 ? 'None.' : markdownTable(['parameter', 'type', 'range', 'default', 'meaning'], rows)
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function code(text: string): string {
  return `\`\`\`js\n${text}\n\`\`\``
}
