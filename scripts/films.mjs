/**
 * Makes the films of docs/models/ and of the README from seeded runs of the scenarios as they ship, so that each can be made again.
 *
 *     npm run films                 all of them
 *     npm run films -- ants ising   some
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const largest = 300_000

/** By model: what its film is made with, beside `--seed 1` and a rate of 12. */
const films = {
  ants: '--steps 420 --every 10 --size 284',
  axelrod: '--steps 500 --every 20 --size 200 --set size=20',
  'bank-reserves': '--steps 60 --every 2 --size 200',
  bass: '--steps 180 --every 4 --size 300',
  boltzmann: '--steps 40 --every 1 --size 160 --set width=40 --set height=40 --set people=400',
  'civil-violence': '--steps 120 --every 3 --size 210',
  daisyworld: '--steps 240 --every 12 --size 174 --set luminosity=0.7 --set warming=0.003',
  dla: '--steps 600 --every 10 --size 302',
  economy: '--steps 30 --every 1 --size 300',
  'el-farol': '--steps 40 --every 1 --size 240',
  flocking: '--steps 120 --every 3 --size 240 --set birds=150 --set size=60',
  'forest-fire': '--steps 140 --every 2 --size 300 --set density=0.62',
  'franke-westerhoff': '--steps 120 --every 4 --size 240',
  'game-of-life': '--steps 160 --every 2 --size 240 --set start=acorn',
  'hawk-dove': '--steps 60 --every 2 --size 200',
  'hex-life': '--steps 60 --every 1 --size 240 --set width=40 --set height=40',
  ising: '--steps 80 --every 2 --size 200 --set size=50',
  kuramoto: '--steps 240 --every 6 --size 240',
  'mm1-queue': '--steps 60 --every 1 --size 300',
  'predator-prey': '--steps 120 --every 4 --size 240',
  'prisoners-dilemma': '--steps 60 --every 2 --size 240 --set size=80 --set defectors=0.02',
  schelling: '--steps 20 --every 1 --size 240',
  'schelling-network': '--steps 15 --every 1 --size 300',
  seir: '--steps 90 --every 1 --size 300',
  sugarscape: '--steps 60 --every 1 --size 250',
  sznajd: '--steps 40 --every 1 --size 480 --set people=60 --seed 4',
  traffic: '--steps 120 --every 2 --size 280',
  vicsek: '--steps 160 --every 5 --size 200 --set noise=0.3',
  'virus-on-network': '--steps 90 --every 2 --size 280 --set people=200',
  'wolf-sheep': '--steps 120 --every 3 --size 250',
}

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !(name in films))
if (unknown.length > 0) {
  console.error(`There is no film of ${unknown.join(', ')}. Known: ${Object.keys(films).join(', ')}.`)
  process.exit(1)
}

for (const name of asked.length > 0 ? asked : Object.keys(films)) {
  const file = join('docs', 'models', `${name}.gif`)
  const args = ['bin/mycelia', 'film', name, '--seed', '1', ...films[name].split(' '), '--out', file]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  const { size } = statSync(join(root, file))
  if (size > largest) console.error(`${file} has ${size} bytes: more than ${largest}, so give it a larger --every.`)
}
