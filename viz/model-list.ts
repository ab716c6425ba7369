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
    name: 'ants',
    title: 'Ants with pheromone',
    about: 'Ants find the shortest ways to food by what they leave on the ground.',
  },
  {
    name: 'civil-violence',
    title: 'Civil violence',
    about: 'Citizens with a grievance rebel when few police are in sight.',
  },
  {
    name: 'vicsek',
    title: 'Vicsek’s particles',
    about: 'Particles fly as their neighbours do, but for noise; little noise makes order.',
  },
  {
    name: 'traffic',
    title: 'Traffic on a ring',
    about: 'Drivers who brake now and then make jams from nothing.',
  },
  {
    name: 'kuramoto',
    title: 'Kuramoto’s oscillators',
    about: 'A strong enough pull makes oscillators of different paces beat together.',
  },
  {
    name: 'predator-prey',
    title: 'Predators and prey in a plane',
    about: 'Populations with bodies that move and meet rise and fall.',
  },
  {
    name: 'ising',
    title: 'Ising model',
    about: 'Magnets that like to point as their neighbours do, against the heat.',
  },
  {
    name: 'dla',
    title: 'Diffusion-limited aggregation',
    about: 'Wanderers stick where they touch, and a tree grows.',
  },
  {
    name: 'daisyworld',
    title: 'Daisyworld',
    about: 'Daisies keep the temperature of their planet while its sun grows hotter.',
  },
  {
    name: 'hex-life',
    title: 'Life on hexagons',
    about: 'Conway’s game with six neighbours.',
  },
  {
    name: 'axelrod',
    title: 'Axelrod’s culture',
    about: 'Those who are alike talk and become more alike; yet cultures remain.',
  },
  {
    name: 'sznajd',
    title: 'Sznajd’s opinions',
    about: 'Two neighbours of one opinion convince those beside them.',
  },
  {
    name: 'schelling-network',
    title: 'Segregation on a network',
    about: 'People divide wherever they have neighbours at all.',
  },
  {
    name: 'hawk-dove',
    title: 'Hawks and doves',
    about: 'Fighters win from the meek and lose to each other, so both remain.',
  },
  {
    name: 'prisoners-dilemma',
    title: 'Prisoner’s dilemma on a grid',
    about: 'Neighbours imitate whoever earned most, and cooperation survives in islands.',
  },
  {
    name: 'seir',
    title: 'SEIR with contact tracing',
    about: 'An epidemic in events, in which contacts are traced and isolate.',
  },
  {
    name: 'bass',
    title: 'Bass diffusion',
    about: 'Some buy a new thing by themselves, the others because many have it.',
  },
  {
    name: 'el-farol',
    title: 'El Farol',
    about: 'Guests who guess attendance each in their own way fill the bar to its comfort.',
  },
  {
    name: 'bank-reserves',
    title: 'Bank reserves',
    about: 'A bank that lends a part of what is brought makes money, up to a limit.',
  },
  {
    name: 'economy',
    title: 'Economy of three types',
    about: 'Households, firms and a government whose spending sets the income.',
  },
  {
    name: 'franke-westerhoff',
    title: 'Franke and Westerhoff’s market',
    about: 'Traders change between two rules, and returns look like real ones.',
  },
  {
    name: 'wealth',
    title: 'Boltzmann wealth',
    about: 'Each person gives a coin to a random one, and chance alone makes inequality.',
  },
  { name: 'mm1-queue', title: 'M/M/1 queue', about: 'Customers come and are served at random moments, one at a time.' },
  { name: 'roster', title: 'Roster of idle agents', about: 'Agents that do nothing: what the framework itself costs.' },
]
