/** The models of the static page, as its list tells them. Their files are loaded only when one is opened. */

export interface ListedModel {
  /** The scenario's name, which is its file's too. */
  readonly name: string
  readonly title: string
  readonly about: string
}

export const modelList: readonly ListedModel[] = [
  { name: 'schelling', title: 'Schelling segregation', about: 'Mild preferences about neighbours divide a town.' },
  { name: 'wolf-sheep', title: 'Wolves, sheep and grass', about: 'Three populations that chase each other.' },
  {
    name: 'flocking',
    title: 'Flocking birds',
    about: 'Birds that keep together, keep apart and fly alike make a flock without a leader.',
  },
  {
    name: 'virus-on-network',
    title: 'Virus on a network',
    about: 'A virus passes along the edges; the recovered may be immune.',
  },
  { name: 'sugarscape', title: 'Sugarscape', about: 'Agents with different eyes and stomachs on two hills of sugar.' },
  { name: 'forest-fire', title: 'Forest fire', about: 'The density of trees decides whether the fire crosses the forest.' },
  { name: 'game-of-life', title: 'Game of Life', about: 'Every cell looks at its eight neighbours, then all change at once.' },
  { name: 'boltzmann', title: 'Boltzmann wealth on a grid', about: 'People wander and give a coin to a person they meet.' },
  {
    name: 'wealth',
    title: 'Boltzmann wealth',
    about: 'Each person gives a coin to a random one, and chance alone makes inequality.',
  },
  { name: 'mm1-queue', title: 'M/M/1 queue', about: 'Customers come and are served at random moments, one at a time.' },
  { name: 'roster', title: 'Roster of idle agents', about: 'Agents that do nothing: what the framework itself costs.' },
]
