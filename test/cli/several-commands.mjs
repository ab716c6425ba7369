/** Run by Node, Bun and Deno: several commands in one process. Prints what each said; then a run that trades, which only Node can. */
import { writeFileSync } from 'node:fs'
import { main } from '../../dist/src/cli/main.js'

const told = {}

async function command(name, ...args) {
  const heard = { code: 0, out: '', err: '' }
  const io = { out: text => (heard.out += text), err: text => (heard.err += text), interactive: false }
  heard.code = await main(args, io)
  told[name] = heard
}

const town = bad => `import { Agent, defineScenario, Model, z } from 'mycelia'
class Person extends Agent<Town> {
  wealth = 1
  step() {
    this.wealth += this.rng.normal()
    if (this.model.steps === ${bad} && this.ordinal === 3) throw new Error('tired')
  }
}
class Town extends Model {
  people = this.agentsOf(Person)
  setup() { this.spawn(5, Person) }
  step() { this.people.shuffleDo(person => person.step()) }
}
export default defineScenario({
  title: 'Town', model: Town, params: z.object({}), agents: { Person },
  collect: { model: { wealth: m => m.people.sum(p => p.wealth) } },
})
`

await command('run', 'run', 'wealth', '--steps', '50', '--out', 'wealth', '--json', '--quiet')
await command('resume', 'run', '--resume', 'wealth', '--steps', '80', '--json', '--quiet')
await command('report', 'report', 'wealth')
await command('parameters', 'list', 'wealth', '--json')
await command('list', 'list', '--json')
await command('doctor', 'doctor')
writeFileSync('town.ts', town(30))
await command('broken', 'run', 'town.ts', '--steps', '40', '--out', 'town', '--json', '--quiet')
writeFileSync('town.ts', town(-1))
await command('mended', 'run', '--resume', 'town', '--json', '--quiet')
process.stdout.write(JSON.stringify(told))

if (process.versions.bun !== undefined || process.versions.deno !== undefined) {
  process.argv.splice(2, process.argv.length, 'run', 'trifecta', '--steps', '5')
  await import('../../bin/mycelia')
}
